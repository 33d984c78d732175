package dev.graceful.evidence;

import dev.graceful.evidence.Baseline.Worth;

/** What became of a fresh connection, and of the request on it. */
public enum ConnectOutcome {
  /** The request was answered, with a status that is no worse than the usual one. */
  Answered,
  /** The request was answered with a 4xx, where the usual status is below 400. */
  ClientError,
  /** The request was answered with 503. */
  Unavailable,
  /** The request was answered with 502 or 504. */
  BadGateway,
  /** The request was answered, with another status of 500 or above. */
  ServerError,
  /** The connection was accepted; nothing was requested. */
  Accepted,
  /**
   * The connection was accepted, and no response came for seconds longer than one usually takes.
   */
  Unanswered,
  /** The connection was accepted, and ended before there was a response. */
  Reset,
  /** A reset in answer to the SYN: no process listens. */
  Refused,
  /** No answer to the SYN in time. One alone proves nothing: a packet may be lost or filtered. */
  TimedOut,
  /** No way to the address, or a failure of our own. Proves nothing either. */
  Unreachable;

  /** The outcome of a request that was answered. */
  public static ConnectOutcome answered(Worth worth) {
    return switch (worth) {
      case Usual -> Answered;
      case ClientError -> ClientError;
      case Unavailable -> Unavailable;
      case BadGateway -> BadGateway;
      case ServerError -> ServerError;
    };
  }

  /** Whether the pod took the connection, and answered where it was asked. */
  public boolean isServed() {
    return switch (this) {
      case Answered, ClientError, Unavailable, BadGateway, ServerError, Accepted -> true;
      case Unanswered, Reset, Refused, TimedOut, Unreachable -> false;
    };
  }

  /** Whether the request was answered with a 5xx. */
  public boolean isServerError() {
    return switch (this) {
      case Unavailable, BadGateway, ServerError -> true;
      case Answered, ClientError, Accepted, Unanswered, Reset, Refused, TimedOut, Unreachable ->
          false;
    };
  }
}
