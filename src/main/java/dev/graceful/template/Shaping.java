package dev.graceful.template;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import org.jspecify.annotations.Nullable;

/** What the operator does with one Deployment's pod template. */
public sealed interface Shaping {

  /** The reason of the Programmed condition. */
  Reason reason();

  /** The message of the Programmed condition: why, and what the owner can do about it. */
  String message();

  /** The values the operator wants in the pod template, now or later; null: none. */
  @Nullable Decision decision();

  /**
   * All reasons of the Programmed condition. The rules give those up to {@link #GivingBack}; the
   * rest come from the moment of the write, the queue of rollouts, and the outcome of the write.
   */
  enum Reason {
    /** The pod template has the decision. */
    Programmed,
    /** The sleep is added, but the owner's grace period leaves less drain than the policy wants. */
    DrainShortened,
    /** The owner's own values suffice. */
    AlreadyGraceful,
    /** The policy says {@code apply: Never}. */
    ObserveOnly,
    /** No EndpointSlice has a pod of the Deployment. */
    NotExposed,
    /** All serving containers have preStop hooks of their own. */
    OwnPreStop,
    /** The owner's grace period is too short for the sleep. */
    GraceDeclared,
    /** Under the strategy Recreate a sleep only adds to the downtime. */
    RecreateStrategy,
    /** With maxSurge: 0, and something that only one pod can have, so does it. */
    NoSurge,
    /** Another controller owns the Deployment and writes it. */
    OwnedByController,
    /** The Deployment wants no pod. */
    ScaledToZero,
    /** The owner takes out the operator's values. */
    Contested,
    /** No running pod has passed the policy's readiness probe. */
    ReadinessUnproven,
    /** No policy governs the Deployment; the values from before the operator come back. */
    GivingBack,
    /** The decision waits for the owner's next rollout. */
    PendingRollout,
    /** The decision waits for the end of a rollout, or the operator's own rollout is under way. */
    RolloutInProgress,
    /** The decision waits until the Deployment is no longer paused. */
    DeploymentPaused,
    /** The decision waits for the rollouts of other Deployments. */
    Queued,
    /** Another Deployment of the namespace does not settle after the operator's write. */
    QueueStopped,
    /** A rollout of this Deployment, the operator's or the owner's, does not come to its end. */
    RolloutStuck,
    /** The API server, or admission behind it, did not take the write. */
    WriteRefused,
    /** The API server cannot take the write now; the operator tries again. */
    WriteFailed
  }

  /** The template has what the operator wants. */
  record InPlace(Reason reason, String message, @Nullable Decision decision) implements Shaping {}

  /**
   * The template must change.
   *
   * @param reason the one that holds after the change
   * @param decision null: all of the operator's values go
   * @param waitsForOwner whether nothing that people changed asks for it, as where it comes of a
   *     rule that the operator did not have before: it must not start a rollout
   */
  record Pending(
      Reason reason,
      String message,
      @Nullable Decision decision,
      Change change,
      boolean waitsForOwner)
      implements Shaping {

    /** A change that people have asked for. */
    public Pending(Reason reason, String message, @Nullable Decision decision, Change change) {
      this(reason, message, decision, change, false);
    }

    /** The rule by which it is written under a policy's. */
    public Apply appliedAs(Apply apply) {
      return waitsForOwner && apply == Apply.Immediately ? Apply.OnRollout : apply;
    }
  }

  /** The operator leaves the template alone, and has no values in it. */
  record Leave(Reason reason, String message) implements Shaping {
    @Override
    public @Nullable Decision decision() {
      return null;
    }
  }
}
