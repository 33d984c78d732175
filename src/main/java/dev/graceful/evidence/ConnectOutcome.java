package dev.graceful.evidence;

/** What became of a fresh connection, and of the request on it. */
public enum ConnectOutcome {
  /** The request was answered, with a status that is no worse than the usual one. */
  Answered,
  /** The request was answered with a 4xx, where the usual status is below 400. */
  ClientError,
  /** The request was answered, with a status of 500 or above. */
  ServerError,
  /** The connection was accepted; nothing was requested. */
  Accepted,
  /** The connection was accepted, and ended before there was a response. */
  Reset,
  /** A reset in answer to the SYN: no process listens. */
  Refused,
  /** No answer in time. Proves nothing: a packet may be lost or filtered. */
  TimedOut,
  /** No way to the address, or a failure of our own. Proves nothing either. */
  Unreachable;

  /** Whether the pod took the connection, whatever became of the request on it. */
  public boolean isServed() {
    return switch (this) {
      case Answered, ClientError, ServerError, Accepted -> true;
      case Reset, Refused, TimedOut, Unreachable -> false;
    };
  }
}
