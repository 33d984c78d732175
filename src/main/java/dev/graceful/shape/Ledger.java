package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.TemplateContainer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decided for a Deployment so far, by which it knows its own values in the pod
 * template again. The chart's MutatingAdmissionPolicy knows them by the same rules.
 *
 * @param decision null: nothing of the operator's is to be in the template
 * @param earlier decisions before that, newest first; what an undo brings back may be of them
 * @param before what was there without the operator; null: nothing was decided yet
 */
public record Ledger(@Nullable Decision decision, List<Decision> earlier, @Nullable Before before) {

  /** Nothing was decided yet. */
  public static final Ledger EMPTY = new Ledger(null, List.of(), null);

  private static final int EARLIER_KEPT = 3;

  /** Reads it from a protection. */
  public static Ledger of(DeploymentProtectionSpec spec) {
    return new Ledger(
        spec.decision(), spec.earlier() == null ? List.of() : spec.earlier(), spec.before());
  }

  /**
   * The ledger of a Deployment that was shaped at its creation, when it had no protection yet:
   * values that are the policy's and that nobody declares are the operator's.
   */
  public Ledger orAtCreation(Wish wish, DeploymentFacts deployment) {
    if (decision != null || before != null) {
      return this;
    }
    List<String> sleeping =
        deployment.containers().stream()
            .filter(c -> c.sleepSeconds() > 0 && c.sleepSeconds() == wish.sleepSeconds())
            .filter(c -> !c.preStopDeclared())
            .map(TemplateContainer::name)
            .toList();
    boolean raised =
        deployment.graceSeconds() != DeploymentFacts.DEFAULT_GRACE_SECONDS
            && deployment.graceSeconds() == wish.graceSeconds()
            && !deployment.graceDeclared();
    if (sleeping.isEmpty() && !raised) {
      return this;
    }
    return new Ledger(
        new Decision(
            sleeping, sleeping.isEmpty() ? 0 : wish.sleepSeconds(), deployment.graceSeconds()),
        List.of(),
        new Before(
            raised ? DeploymentFacts.DEFAULT_GRACE_SECONDS : deployment.graceSeconds(),
            lifecycles(deployment, sleeping)));
  }

  /**
   * Whether a container's preStop sleep is the operator's. Its name does not matter: the container
   * may have been renamed.
   */
  public boolean isOurSleep(TemplateContainer container) {
    return container.sleepSeconds() > 0
        && !container.preStopDeclared()
        && decisions().anyMatch(d -> d.sleepSeconds() == container.sleepSeconds());
  }

  /** Whether a container's readiness probe is the operator's. */
  public boolean isOurProbe(TemplateContainer container) {
    return !container.readinessDeclared()
        && decisions()
            .anyMatch(
                d -> d.readinessProbe() != null && Readiness.has(container, d.readinessProbe()));
  }

  /**
   * Whether the grace period was changed by the operator; one that was only kept stays its owner's.
   */
  boolean graceIsOurs(DeploymentFacts deployment) {
    return before != null
        && !deployment.graceDeclared()
        && deployment.graceSeconds() != before.terminationGracePeriodSeconds()
        && decisions()
            .anyMatch(d -> d.terminationGracePeriodSeconds() == deployment.graceSeconds());
  }

  /** Whether an owner, or another tool, says what the grace period is. */
  public boolean graceIsDeclared(DeploymentFacts deployment) {
    return deployment.graceDeclared()
        || (deployment.graceSeconds() != DeploymentFacts.DEFAULT_GRACE_SECONDS
            && !graceIsOurs(deployment));
  }

  /**
   * The grace period if the operator's part goes. A sleep of the owner's that came to fit into a
   * grace period of ours has to go on fitting: the API refuses one that is longer.
   */
  public long graceWithoutUs(DeploymentFacts deployment) {
    if (before == null || !graceIsOurs(deployment)) {
      return deployment.graceSeconds();
    }
    return Math.max(
        before.terminationGracePeriodSeconds(), longestOwnSleepSeconds(deployment.containers()));
  }

  /** The longest preStop sleep that is not the operator's; 0: none. */
  public long longestOwnSleepSeconds(List<TemplateContainer> containers) {
    return containers.stream()
        .filter(c -> !isOurSleep(c))
        .mapToLong(TemplateContainer::sleepSeconds)
        .max()
        .orElse(0);
  }

  /** What is there without the operator: the owner's values. */
  public Before beforeWriting(DeploymentFacts deployment) {
    List<String> ours =
        deployment.containers().stream()
            .filter(this::isOurSleep)
            .map(TemplateContainer::name)
            .toList();
    long grace =
        before != null && graceIsOurs(deployment)
            ? before.terminationGracePeriodSeconds()
            : deployment.graceSeconds();
    return new Before(grace, lifecycles(deployment, ours));
  }

  /** A lifecycle that has nothing but our sleep was there before only if the ledger says so. */
  private @Nullable List<String> lifecycles(DeploymentFacts deployment, List<String> ours) {
    List<String> known =
        before == null || before.lifecycles() == null ? List.of() : before.lifecycles();
    List<String> names =
        deployment.containers().stream()
            .filter(TemplateContainer::hasLifecycle)
            .filter(
                c -> !ours.contains(c.name()) || c.lifecycleHasMore() || known.contains(c.name()))
            .map(TemplateContainer::name)
            .toList();
    return names.isEmpty() ? null : names;
  }

  /** The ledger once something else is decided; what was decided until now becomes earlier. */
  public Ledger deciding(@Nullable Decision next, @Nullable Before found) {
    return new Ledger(
        next, decisions().filter(d -> !d.equals(next)).limit(EARLIER_KEPT).toList(), found);
  }

  /** All whose values may be in the template, newest first. */
  public Stream<Decision> decisions() {
    return Stream.concat(Stream.ofNullable(decision), earlier.stream());
  }
}
