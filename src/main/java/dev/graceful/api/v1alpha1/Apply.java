package dev.graceful.api.v1alpha1;

/** When a policy may change the pod templates of its Deployments. */
public enum Apply {
  /** Not at all: observe and judge. */
  Never,
  /** As soon as no rollout is under way; this starts one. */
  Immediately
}
