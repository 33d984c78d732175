package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Decision;
import org.jspecify.annotations.Nullable;

/** What comes of a policy for one Deployment. */
public sealed interface Shaping {

  /** Why it is so, in one word; the Programmed condition's reason. */
  Reason reason();

  /** Why, and what its owner may do about it. */
  String message();

  /** The reasons of a shaping, as users see them. */
  enum Reason {
    /** The pod template has what was decided. */
    Programmed,
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
    /** Decided, and waiting until the Deployment's own rollout is over. */
    RolloutInProgress,
    /** Decided, and waiting until the Deployment is no longer paused. */
    DeploymentPaused,
    /** The API server, or somebody behind it, did not take the write. */
    WriteRefused
  }

  /**
   * The template is as it should be.
   *
   * @param decision what of it is the operator's; null: nothing
   */
  record InPlace(Reason reason, String message, @Nullable Decision decision) implements Shaping {}

  /** The template is to be changed, now. */
  record Write(Reason reason, String message, Decision decision) implements Shaping {}

  /** The template is to be changed, but not now. */
  record Wait(Reason reason, String message, Decision decision) implements Shaping {}

  /**
   * The template is left alone.
   *
   * @param yaml what the owner may write into the Deployment; empty: nothing helps
   */
  record Leave(Reason reason, String message, String yaml) implements Shaping {}
}
