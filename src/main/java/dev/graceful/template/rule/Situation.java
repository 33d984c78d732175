package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.LongerSleep;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ServingContainers;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.template.Ledger;
import dev.graceful.template.Readiness;
import dev.graceful.template.Readiness.Trial;
import dev.graceful.template.ShutdownGoal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of the rules, and the questions that several of them ask.
 *
 * @param ports how clients reach the Deployment's pods; it is not exposed while none is known, as
 *     when it is scaled to 0
 * @param injected the containers that its pods have, and its template has not, by name
 * @param answer a running pod's answer to the {@link #trial}; null: there is no trial
 */
record Situation(
    ShutdownGoal wish,
    DeploymentFacts deployment,
    ClientPorts ports,
    List<String> injected,
    Ledger ledger,
    @Nullable ReadinessAnswer answer) {

  /** What the operator may write at most: the longest of a policy, and what helpers have more. */
  private static final int LONGEST_SLEEP_SECONDS = 301 + ShutdownGoal.HELPERS_LONGER_SECONDS;

  /** The {@link #candidate}, if it is not in the template; null: there is none to try. */
  @Nullable Trial trial() {
    Trial trial = candidate();
    return trial == null || isInPlace(trial) ? null : trial;
  }

  /** The policy's readiness probe for the container that can have it; null: none can. */
  @Nullable Trial candidate() {
    return wish.readinessProbe() == null
        ? null
        : Readiness.trial(wish.readinessProbe(), unprobed(), ports.tcp());
  }

  /** Whether the template has the probe already. */
  boolean isInPlace(Trial trial) {
    return unprobed().stream()
        .anyMatch(c -> c.name().equals(trial.container()) && Readiness.has(c, trial.probe()));
  }

  /**
   * The containers that serve. While no slice has a pod of the Deployment, they are those of the
   * last decision and those with values of the operator's.
   */
  List<TemplateContainer> serving() {
    List<TemplateContainer> all = deployment.containers();
    if (ports.exposed()) {
      return ServingContainers.among(all, TemplateContainer::facts, ports.all());
    }
    Decision decided = ledger.decision();
    return decided == null
        ? List.of()
        : all.stream()
            .filter(c -> isIn(decided, c) || ledger.isOurSleep(c) || ledger.isOurProbe(c))
            .toList();
  }

  private static boolean isIn(Decision decided, TemplateContainer container) {
    List<String> probed = decided.readinessContainers();
    return decided.containers().contains(container.name())
        || (probed != null && probed.contains(container.name()));
  }

  /** The serving containers without a readiness probe, or with the operator's. */
  List<TemplateContainer> unprobed() {
    return serving().stream()
        .filter(c -> !c.facts().hasReadinessProbe() || ledger.isOurProbe(c))
        .toList();
  }

  /**
   * The containers whose sleeps count. The kubelet sends each container its SIGTERM when that
   * container's own hook is over, or at once if it has none. A container that serves no port may be
   * the one behind a container that does, so it must sleep as long.
   */
  private List<TemplateContainer> sleepers() {
    return ports.exposed() ? deployment.containers() : serving();
  }

  /** The {@link #sleepers} without a preStop hook, or with the operator's. */
  List<TemplateContainer> unhooked() {
    return sleepers().stream().filter(this::isWithoutOwnHook).toList();
  }

  /** All containers without a preStop hook, or with the operator's. */
  List<TemplateContainer> withoutOwnHook() {
    return deployment.containers().stream().filter(this::isWithoutOwnHook).toList();
  }

  private boolean isWithoutOwnHook(TemplateContainer container) {
    return !container.facts().hasPreStop() || ledger.isOurSleep(container);
  }

  /**
   * Those of the {@link #unhooked} that serve no port of a Service; empty: it is not known which
   * serve, or they all do. While no slice has a pod, they are those of the last decision.
   */
  private List<TemplateContainer> helpers() {
    List<TemplateContainer> serving = serving();
    Decision decided = ledger.decision();
    LongerSleep before = decided == null ? null : decided.helpers();
    return unhooked().stream()
        .filter(
            c ->
                !ports.exposed()
                    ? before != null
                        && (before.containers().contains(c.name())
                            || c.sleepSeconds() == before.sleepSeconds())
                    : !serving.contains(c))
        .toList();
  }

  /** The seconds that the {@link #helpers} sleep: longer than all that serve. */
  private int helperSleepSeconds() {
    long longest = Math.max(wish.sleepSeconds(), ledger.longestOwnSleepSeconds(serving()));
    return Math.toIntExact(
        Math.min(longest + ShutdownGoal.HELPERS_LONGER_SECONDS, LONGEST_SLEEP_SECONDS));
  }

  /**
   * The longer sleep of the helpers; null: all sleep alike. A declared grace period has to leave
   * them as much time to end as it has to leave the others.
   */
  private @Nullable LongerSleep helperSleep() {
    List<String> names = wish.sleepSeconds() == 0 ? List.of() : names(helpers());
    int seconds = helperSleepSeconds();
    boolean fits =
        !ledger.graceIsDeclared(deployment)
            || deployment.graceSeconds() - seconds
                >= Math.min(GraceDeclared.LEAST_DRAIN_SECONDS, wish.drainSeconds());
    return names.isEmpty() || !fits ? null : new LongerSleep(names, seconds);
  }

  /** Whether the owner's own sleeps are as long as the policy's, and no container needs another. */
  boolean ownSleepSuffices() {
    List<TemplateContainer> unhooked = unhooked();
    return serving().stream()
            .allMatch(c -> !ledger.isOurSleep(c) && c.sleepSeconds() >= wish.sleepSeconds())
        && (wish.sleepSeconds() == 0
            ? unhooked.stream().noneMatch(ledger::isOurSleep)
            : unhooked.isEmpty());
  }

  /** The longest sleep of the template, the policy's included, but for what helpers have more. */
  long longestSleepSeconds() {
    return Math.max(wish.sleepSeconds(), ledger.longestOwnSleepSeconds(sleepers()));
  }

  /** The grace period that leaves the policy's drain after the longest sleep. */
  long wantedGraceSeconds() {
    LongerSleep helpers = helperSleep();
    return Math.max(longestSleepSeconds(), helpers == null ? 0 : helpers.sleepSeconds())
        + wish.drainSeconds();
  }

  /** The wanted grace period, or a longer one; one that is declared holds. */
  long longEnoughGraceSeconds() {
    return ledger.graceIsDeclared(deployment)
        ? deployment.graceSeconds()
        : Math.max(graceWithoutUs(), wantedGraceSeconds());
  }

  /** The grace period without the operator's part, in seconds. */
  long graceWithoutUs() {
    return ledger.graceWithoutUs(deployment);
  }

  /**
   * Whether the owner declares a grace period that is too short for the policy. What helpers sleep
   * longer does not count: the containers that serve have their whole drain without it.
   */
  boolean isGraceShort() {
    return ledger.graceIsDeclared(deployment)
        && deployment.graceSeconds() < longestSleepSeconds() + wish.drainSeconds();
  }

  /** The policy's sleep with a grace period; null: neither is needed. */
  @Nullable Decision sleeping(long graceSeconds) {
    List<String> names = wish.sleepSeconds() == 0 ? List.of() : names(unhooked());
    return names.isEmpty() && graceSeconds == graceWithoutUs()
        ? null
        : new Decision(
            names,
            names.isEmpty() ? 0 : wish.sleepSeconds(),
            graceSeconds,
            null,
            null,
            helperSleep());
  }

  static List<String> names(List<TemplateContainer> containers) {
    return containers.stream().map(TemplateContainer::name).toList();
  }
}
