package dev.graceful.observe;

/**
 * One connection that the operator tried, as a client that has not yet heard of the pod's leaving.
 *
 * @param atMillis the moment that the outcome is certain for, in milliseconds since the deletion
 *     was seen: of an accepted connection its start (the pod served at least until then), of any
 *     other its end (it did not serve then at the latest)
 */
public record Knock(long atMillis, Outcome outcome) {

  /** What became of the connection. */
  public enum Outcome {
    /** Somebody listens. */
    Accepted,
    /** A reset in answer to the SYN: nobody listens. */
    Refused,
    /** No answer in time. Proves nothing: a packet may be lost or filtered. */
    TimedOut,
    /** No way to the address, or a failure of our own. Proves nothing either. */
    Unreachable
  }
}
