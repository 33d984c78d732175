package dev.graceful.template;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import java.util.function.ToLongFunction;

/** A change after which the pods are protected as before, but for how long helpers sleep. */
public final class SleepShift {

  private SleepShift() {}

  /**
   * Whether a change only makes sleeps of the operator's longer or shorter by what helpers sleep
   * longer, and the grace period with them. So it is after an update of the operator, or when a
   * Service is pointed at another container. A policy that was edited decides on another sleep.
   *
   * @param ledger with the decisions before
   */
  public static boolean is(
      Change change, Decision decision, DeploymentFacts deployment, Ledger ledger) {
    boolean sleepsAlone =
        !change.containers().isEmpty()
            && change.containers().stream()
                .allMatch(
                    c ->
                        c.readiness() == null
                            && c.preStop() instanceof PreStop.Sleep
                            && isAlreadyAsleep(c, decision, deployment, ledger));
    long longer =
        longest(deployment, c -> sleepAfter(c, change))
            - longest(deployment, TemplateContainer::sleepSeconds);
    Long grace = change.graceSeconds();
    return sleepsAlone && (grace == null || grace - deployment.graceSeconds() == longer);
  }

  private static boolean isAlreadyAsleep(
      OfContainer changed, Decision decision, DeploymentFacts deployment, Ledger ledger) {
    return deployment.containers().stream()
        .filter(c -> c.name().equals(changed.name()))
        .filter(ledger::isOurSleep)
        .anyMatch(
            c ->
                ledger
                    .decisions()
                    .filter(d -> d.sleepSeconds() == decision.sleepSeconds())
                    .anyMatch(d -> d.sleeps(c.sleepSeconds())));
  }

  private static long sleepAfter(TemplateContainer container, Change change) {
    return change.containers().stream()
        .filter(c -> c.name().equals(container.name()))
        .mapToLong(c -> c.preStop() instanceof PreStop.Sleep s ? s.seconds() : 0)
        .findFirst()
        .orElse(container.sleepSeconds());
  }

  private static long longest(
      DeploymentFacts deployment, ToLongFunction<TemplateContainer> seconds) {
    return deployment.containers().stream().mapToLong(seconds).max().orElse(0);
  }
}
