package dev.graceful.template;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.LongerSleep;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.TemplateContainer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operator's decisions for a Deployment. They tell its own values in the pod template from the
 * owner's. The chart's MutatingAdmissionPolicy tells them apart by the same rules.
 *
 * @param decision the latest; null: the operator wants no values in the template
 * @param earlier the decisions before it, newest first; an undo may bring their values back
 * @param before the owner's values; null: there was no decision yet
 */
public record Ledger(@Nullable Decision decision, List<Decision> earlier, @Nullable Before before) {

  /** The ledger before the first decision. */
  public static final Ledger EMPTY = new Ledger(null, List.of(), null);

  private static final int EARLIER_KEPT = 3;

  /** The ledger in a protection. */
  public static Ledger of(DeploymentProtectionSpec spec) {
    return new Ledger(
        spec.decision(), spec.earlier() == null ? List.of() : spec.earlier(), spec.before());
  }

  /**
   * This ledger, or the one of a Deployment whose template was written at its creation, before it
   * had a protection. Values that equal the policy's and that no owner declares are the operator's.
   */
  public Ledger orAtCreation(ShutdownGoal wish, DeploymentFacts deployment) {
    if (decision != null || before != null) {
      return this;
    }
    List<String> helpers = undeclaredSleepsOf(wish.helperSleepSeconds(), deployment);
    List<String> sleeping =
        Stream.concat(
                undeclaredSleepsOf(wish.sleepSeconds(), deployment).stream(), helpers.stream())
            .toList();
    long graceAtCreation =
        helpers.isEmpty() ? wish.graceSeconds() : wish.helperSleepSeconds() + wish.drainSeconds();
    boolean raised =
        deployment.graceSeconds() != DeploymentFacts.DEFAULT_GRACE_SECONDS
            && deployment.graceSeconds() == graceAtCreation
            && !deployment.graceDeclared();
    if (sleeping.isEmpty() && !raised) {
      return this;
    }
    return new Ledger(
        new Decision(
            sleeping,
            sleeping.isEmpty() ? 0 : wish.sleepSeconds(),
            deployment.graceSeconds(),
            null,
            null,
            helpers.isEmpty() ? null : new LongerSleep(helpers, wish.helperSleepSeconds())),
        List.of(),
        new Before(
            raised ? DeploymentFacts.DEFAULT_GRACE_SECONDS : deployment.graceSeconds(),
            lifecycles(deployment, sleeping)));
  }

  private static List<String> undeclaredSleepsOf(int seconds, DeploymentFacts deployment) {
    return deployment.containers().stream()
        .filter(c -> c.sleepSeconds() > 0 && c.sleepSeconds() == seconds && !c.preStopDeclared())
        .map(TemplateContainer::name)
        .toList();
  }

  /**
   * Whether a container's preStop sleep is the operator's. The container's name does not count: an
   * owner may rename it.
   */
  public boolean isOurSleep(TemplateContainer container) {
    return container.sleepSeconds() > 0
        && !container.preStopDeclared()
        && decisions().anyMatch(d -> d.sleeps(container.sleepSeconds()));
  }

  /** Whether a container's readiness probe is the operator's. */
  public boolean isOurProbe(TemplateContainer container) {
    return !container.readinessDeclared()
        && decisions()
            .anyMatch(
                d -> d.readinessProbe() != null && Readiness.has(container, d.readinessProbe()));
  }

  /** Whether the operator changed the grace period; one that it only kept is the owner's. */
  boolean graceIsOurs(DeploymentFacts deployment) {
    return before != null
        && !deployment.graceDeclared()
        && deployment.graceSeconds() != before.terminationGracePeriodSeconds()
        && decisions()
            .anyMatch(d -> d.terminationGracePeriodSeconds() == deployment.graceSeconds());
  }

  /** Whether an owner, or another tool, declares the grace period. */
  public boolean graceIsDeclared(DeploymentFacts deployment) {
    return deployment.graceDeclared()
        || (deployment.graceSeconds() != DeploymentFacts.DEFAULT_GRACE_SECONDS
            && !graceIsOurs(deployment));
  }

  /**
   * The grace period without the operator's part, in seconds. It is never shorter than the owner's
   * longest sleep, as the API server refuses a sleep longer than the grace period.
   */
  public long graceWithoutUs(DeploymentFacts deployment) {
    if (before == null || !graceIsOurs(deployment)) {
      return deployment.graceSeconds();
    }
    return Math.max(
        before.terminationGracePeriodSeconds(), longestOwnSleepSeconds(deployment.containers()));
  }

  /** The longest preStop sleep of the owner's, in seconds; 0: none. */
  public long longestOwnSleepSeconds(List<TemplateContainer> containers) {
    return containers.stream()
        .filter(c -> !isOurSleep(c))
        .mapToLong(TemplateContainer::sleepSeconds)
        .max()
        .orElse(0);
  }

  /** The owner's values in a template. */
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

  /** A lifecycle with our sleep alone is the owner's only if the ledger says so. */
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

  /** The ledger after another decision; the latest one until now becomes an earlier one. */
  public Ledger deciding(@Nullable Decision next, @Nullable Before found) {
    return new Ledger(
        next, decisions().filter(d -> !d.equals(next)).limit(EARLIER_KEPT).toList(), found);
  }

  /** All decisions whose values may be in the template, newest first. */
  public Stream<Decision> decisions() {
    return Stream.concat(Stream.ofNullable(decision), earlier.stream());
  }
}
