package dev.graceful.judge;

/** Whether the pod was probed, and what that can prove. */
public enum Verification {
  /** The revision answered before any of its pods was ended: a refusal means something. */
  Reached,
  /** It was to be verified, but no connection to the revision ever succeeded. */
  NeverReachable,
  /** The policy asks for no probe. */
  NotAsked,
  /** Its address is its node's, or none that a pod has: nothing is sent there. */
  NoPodsAddress,
  /** The policy's {@code verify.ports} has none of the ports that clients use. */
  NoPortNamed,
  /** Clients do not come by TCP, and nothing else is tested. */
  NoTcpPort,
  /** More pods were ending at once than the operator probes. */
  Sampled
}
