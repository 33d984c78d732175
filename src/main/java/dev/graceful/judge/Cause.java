package dev.graceful.judge;

/** Why a pod was ended. */
public enum Cause {
  /** A newer revision takes its place. */
  Rollout,
  /** The same revision has fewer replicas now. */
  ScaleIn,
  /** Through the Eviction API: a node is drained, for instance. */
  Eviction,
  /** The pod was deleted, and the revision replaces it. */
  Deletion,
  /** Preemption, a taint, garbage collection, or unknown. */
  Other
}
