package dev.graceful.rollout;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.template.Shaping.Reason;

/** When a pending change may be written into a pod template. */
public sealed interface WriteTiming {

  /** During the owner's own rollout, which is under way. */
  record WithOwner() implements WriteTiming {}

  /** Inside the owner's next write, by the chart's MutatingAdmissionPolicy. */
  record AtAdmission() implements WriteTiming {}

  /** Right after the owner's next write. */
  record AfterOwner() implements WriteTiming {}

  /** As soon as the budget of rollouts allows. */
  record InTurn() implements WriteTiming {}

  /** Not now. */
  record Blocked(Reason reason, String message) implements WriteTiming {}

  /**
   * The timing for a Deployment.
   *
   * @param rollsForUs whether the operator's own write is being rolled out
   * @param atAdmission whether the chart's MutatingAdmissionPolicy writes the change
   * @param ownerIsRolling whether the owner was just seen to change the template
   */
  static WriteTiming of(
      Apply apply,
      DeploymentFacts deployment,
      boolean rollsForUs,
      boolean atAdmission,
      boolean ownerIsRolling) {
    return switch (apply) {
      case Never -> new Blocked(Reason.ObserveOnly, "The policy says apply: Never.");
      case OnRollout -> atAdmission ? new AtAdmission() : onRollout(deployment, ownerIsRolling);
      case Immediately -> immediately(deployment, rollsForUs);
    };
  }

  private static WriteTiming onRollout(DeploymentFacts deployment, boolean ownerIsRolling) {
    if (deployment.paused()) {
      return paused();
    }
    return ownerIsRolling ? new WithOwner() : new AfterOwner();
  }

  private static WriteTiming immediately(DeploymentFacts deployment, boolean rollsForUs) {
    if (deployment.paused()) {
      return paused();
    }
    // A rollout that is stuck after the operator's write may need another write to end.
    if (deployment.settled() || (rollsForUs && deployment.stuck() != null)) {
      return new InTurn();
    }
    return deployment.stuck() == null
        ? new Blocked(
            Reason.RolloutInProgress,
            "A rollout is under way, or not all replicas are available; written when it is over.")
        : new Blocked(
            Reason.RolloutStuck,
            "The owner's rollout does not come to its end; written when it does. The Deployment"
                + " says: "
                + deployment.stuck());
  }

  private static Blocked paused() {
    return new Blocked(
        Reason.DeploymentPaused, "The Deployment is paused; written when it resumes.");
  }
}
