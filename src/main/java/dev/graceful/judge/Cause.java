package dev.graceful.judge;

/** Why a pod was ended. */
public enum Cause {
  /** A newer revision takes its place. */
  Rollout,
  /** The same revision has fewer replicas now. */
  ScaleIn,
  /** Through the Eviction API: a node is drained, for instance. */
  Eviction,
  /** Somebody deleted the pod, and the revision replaces it. */
  Deletion,
  /** Preemption, a taint, garbage collection, or unknown. */
  Other
}
