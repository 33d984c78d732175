package dev.graceful.api.v1alpha1;

/** How the operator sees whether a terminating pod still serves. */
public enum VerifyMode {
  /** By sending requests to it. */
  Http,
  /** By opening connections to it. */
  Connect,
  /** Not at all: only the pod's status is read, and nothing is called good. */
  None
}
