package dev.graceful.observe;

/**
 * One try of the lagging client: a client that has not yet heard of the pod's leaving, and that
 * comes with a fresh connection.
 *
 * @param atMillis the moment that the outcome is certain for, in milliseconds since the deletion
 *     was seen: of what was accepted or answered its start (the pod served at least until then), of
 *     any other its end (it did not serve then at the latest)
 */
public record Knock(long atMillis, Outcome outcome) {

  /** What became of the try. */
  public enum Outcome {
    /** The request was answered, with a status that is no worse than the usual one. */
    Answered,
    /** The request was answered with a 4xx, where the usual status is below 400. */
    ClientError,
    /** The request was answered, with a status of 500 or above. */
    ServerError,
    /** Somebody listens; nothing was asked. */
    Accepted,
    /** Somebody listened, and ended the connection before there was an answer. */
    Reset,
    /** A reset in answer to the SYN: nobody listens. */
    Refused,
    /** No answer in time. Proves nothing: a packet may be lost or filtered. */
    TimedOut,
    /** No way to the address, or a failure of our own. Proves nothing either. */
    Unreachable
  }
}
