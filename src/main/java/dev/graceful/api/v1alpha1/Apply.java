package dev.graceful.api.v1alpha1;

/** When a policy may change the pod templates of its Deployments. */
public enum Apply {
  /** Not at all: observe and judge. */
  Never,
  /** With the owner's own next change of the template; this restarts nothing by itself. */
  OnRollout,
  /** One Deployment after the other, as soon as no rollout is under way; this starts rollouts. */
  Immediately
}
