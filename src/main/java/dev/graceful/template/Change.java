package dev.graceful.template;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.TemplateContainer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's change of a pod template; all else stays.
 *
 * @param graceSeconds the new termination grace period; null: it stays
 * @param containers the containers that change
 */
public record Change(@Nullable Long graceSeconds, List<OfContainer> containers) {

  /** No change. */
  public static final Change NONE = new Change(null, List.of());

  /**
   * The change of one container.
   *
   * @param preStop null: the hook stays
   * @param readiness null: the probe stays
   */
  public record OfContainer(
      String name, @Nullable PreStop preStop, @Nullable ReadinessChange readiness) {}

  /** The change of a preStop hook. */
  public sealed interface PreStop {
    /** It becomes this sleep. */
    record Sleep(int seconds) implements PreStop {}

    /** It goes; the lifecycle around it stays. */
    record Gone() implements PreStop {}

    /** It goes, and the lifecycle with it. */
    record GoneWithLifecycle() implements PreStop {}
  }

  /** The change of a readiness probe. */
  public sealed interface ReadinessChange {
    /** It becomes this one. */
    record Given(ReadinessProbe probe) implements ReadinessChange {}

    /** It goes. */
    record Taken() implements ReadinessChange {}
  }

  /**
   * The patch that makes the template match the decision and removes the operator's older values.
   *
   * @param decision null: all of the operator's values go, and those from before come back
   */
  public static Change to(@Nullable Decision decision, DeploymentFacts deployment, Ledger ledger) {
    List<OfContainer> containers = new ArrayList<>();
    for (TemplateContainer container : deployment.containers()) {
      PreStop preStop = preStop(decision, container, ledger);
      ReadinessChange readiness = readiness(decision, container, ledger);
      if (preStop != null || readiness != null) {
        containers.add(new OfContainer(container.name(), preStop, readiness));
      }
    }
    long grace =
        decision == null
            ? ledger.graceWithoutUs(deployment)
            : decision.terminationGracePeriodSeconds();
    return new Change(grace == deployment.graceSeconds() ? null : grace, containers);
  }

  /** Whether nothing changes. */
  public boolean isNone() {
    return equals(NONE);
  }

  private static @Nullable PreStop preStop(
      @Nullable Decision decision, TemplateContainer container, Ledger ledger) {
    boolean ours = ledger.isOurSleep(container);
    int seconds = decision == null ? 0 : decision.sleepOf(container.name());
    if (seconds > 0) {
      boolean open = ours || !container.facts().hasPreStop();
      return open && container.sleepSeconds() != seconds ? new PreStop.Sleep(seconds) : null;
    }
    if (!ours) {
      return null;
    }
    Before before = ledger.before();
    boolean lifecycleStays =
        container.lifecycleHasMore()
            || (before != null
                && before.lifecycles() != null
                && before.lifecycles().contains(container.name()));
    return lifecycleStays ? new PreStop.Gone() : new PreStop.GoneWithLifecycle();
  }

  private static @Nullable ReadinessChange readiness(
      @Nullable Decision decision, TemplateContainer container, Ledger ledger) {
    boolean ours = ledger.isOurProbe(container);
    ReadinessProbe probe = decision == null ? null : decision.readinessProbe();
    List<String> names = decision == null ? null : decision.readinessContainers();
    if (probe != null && names != null && names.contains(container.name())) {
      boolean open = ours || !container.facts().hasReadinessProbe();
      return open && !Readiness.has(container, probe) ? new ReadinessChange.Given(probe) : null;
    }
    return ours ? new ReadinessChange.Taken() : null;
  }
}
