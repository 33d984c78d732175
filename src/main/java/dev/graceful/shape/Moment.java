package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.shape.Shaping.Reason;

/** When a pending change may go into a pod template. */
public sealed interface Moment {

  /** The owner's own rollout is under way: the change joins it. */
  record WithOwner() implements Moment {}

  /** Inside the owner's next write, by the chart's MutatingAdmissionPolicy. */
  record AtAdmission() implements Moment {}

  /** Right after the owner's next write. */
  record AfterOwner() implements Moment {}

  /** As soon as the budget of rollouts allows. */
  record InTurn() implements Moment {}

  /** Not now. */
  record Blocked(Reason reason, String message) implements Moment {}

  /**
   * The moment for a Deployment.
   *
   * @param rollsForUs whether the operator's own write is being rolled out
   * @param atAdmission whether the chart's MutatingAdmissionPolicy is there
   * @param ownerIsRolling whether the owner was just seen to change the template
   */
  static Moment of(
      Apply apply,
      DeploymentFacts deployment,
      boolean rollsForUs,
      boolean atAdmission,
      boolean ownerIsRolling) {
    return switch (apply) {
      case Never -> new Blocked(Reason.ObserveOnly, "The policy says apply: Never.");
      case OnRollout ->
          atAdmission
              ? new AtAdmission()
              : deployment.paused()
                  ? paused()
                  : ownerIsRolling ? new WithOwner() : new AfterOwner();
      case Immediately ->
          deployment.paused()
              ? paused()
              // What does not settle after the operator's write may need another to do so.
              : deployment.settled() || (rollsForUs && deployment.stuck() != null)
                  ? new InTurn()
                  : new Blocked(
                      Reason.RolloutInProgress,
                      "A rollout is under way, or not all replicas are available; written when it"
                          + " is over.");
    };
  }

  private static Blocked paused() {
    return new Blocked(
        Reason.DeploymentPaused, "The Deployment is paused; written when it resumes.");
  }
}
