package dev.graceful.evidence;

/**
 * When SIGTERM came, in milliseconds since the deletion was seen. It is not seen outside the node,
 * but it follows from the preStop sleep and from when the kubelet took up the deletion.
 */
public record SigtermWindow(long earliestMillis, long latestMillis) {

  /** With less than this left after SIGTERM, the probe's own connections could do harm. */
  public static final long TIME_FOR_CLIENTS_MILLIS = 5_000;

  /**
   * Whether there is time for clients with requests in flight over SIGTERM.
   *
   * @param hookMillis how long the preStop hook takes, at least
   */
  public static boolean leavesTimeForClients(long graceSeconds, long hookMillis) {
    return graceSeconds * 1_000 - hookMillis > TIME_FOR_CLIENTS_MILLIS;
  }
}
