package dev.graceful.judge;

/** Whether anybody knocked, and what that can prove. */
public enum Verification {
  /** The revision answered before any of its pods was ended: a refusal means something. */
  Reached,
  /** It was to be verified, but no connection to the revision ever succeeded. */
  NeverReachable,
  /** Nobody was asked to knock. */
  NotAsked,
  /** Its address is its node's, or none that a pod has: nothing is sent there. */
  NoPodsAddress,
  /** More pods were ending at once than the operator probes. */
  Sampled
}
