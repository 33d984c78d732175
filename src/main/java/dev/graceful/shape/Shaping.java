package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Decision;
import org.jspecify.annotations.Nullable;

/** What comes of a policy for one Deployment. */
public sealed interface Shaping {

  /** Why it is so, in one word; the Programmed condition's reason. */
  Reason reason();

  /** Why, and what its owner may do about it. */
  String message();

  /** What is to be in the template, now or later, and is the operator's; null: nothing. */
  @Nullable Decision decision();

  /** The reasons of a shaping, as users see them. */
  enum Reason {
    /** The pod template has what was decided. */
    Programmed,
    /** Decided, and waiting for the owner's next rollout. */
    PendingRollout,
    /** The sleep is there, but the owner's grace period leaves less to drain than was asked for. */
    DrainShortened,
    /** The template was good enough before the operator came. */
    AlreadyGraceful,
    /** The policy only observes. */
    ObserveOnly,
    /** No EndpointSlice has any of its pods. */
    NotExposed,
    /** All serving containers have a preStop hook of their own. */
    OwnPreStop,
    /** The owner's grace period is too short for the sleep. */
    GraceDeclared,
    /** With the strategy Recreate a sleep would only add to the downtime. */
    RecreateStrategy,
    /** The owner takes out what the operator writes. */
    Contested,
    /** The policy's readiness probe was not seen to work. */
    ReadinessUnproven,
    /** Decided, and waiting until the Deployment's own rollout is over; or ours is under way. */
    RolloutInProgress,
    /** Decided, and waiting until the Deployment is no longer paused. */
    DeploymentPaused,
    /** Decided, and waiting until others are rolled. */
    Queued,
    /** Another Deployment of the namespace does not settle after the operator's write. */
    QueueStopped,
    /** This Deployment does not settle after the operator's write. */
    RolloutStuck,
    /** No policy governs it any more: what was there before goes back. */
    GivingBack,
    /** The API server, or somebody behind it, did not take the write. */
    WriteRefused,
    /** The API server has too much to do, or something behind it fails; it is tried again. */
    WriteFailed
  }

  /** The template is as it should be. */
  record InPlace(Reason reason, String message, @Nullable Decision decision) implements Shaping {}

  /**
   * The template is to be changed, as soon as it may be.
   *
   * @param reason of what holds once it is changed
   * @param decision null: all of the operator's goes
   */
  record Pending(Reason reason, String message, @Nullable Decision decision, Change change)
      implements Shaping {}

  /** The template is left alone. */
  record Leave(Reason reason, String message) implements Shaping {
    @Override
    public @Nullable Decision decision() {
      return null;
    }
  }
}
