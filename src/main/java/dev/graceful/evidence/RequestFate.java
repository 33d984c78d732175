package dev.graceful.evidence;

import dev.graceful.evidence.Baseline.Worth;

/** What became of a request of a client that has one in flight across SIGTERM. */
public enum RequestFate {
  /** It was answered, with a status that is no worse than the usual one. */
  Answered,
  /** The same, and the answer announced that the connection ends. */
  AnsweredClosing,
  /** It was answered with a 4xx, where the usual status is below 400. */
  ClientError,
  /** It was answered with 503. */
  Unavailable,
  /** It was answered with 502 or 504. */
  BadGateway,
  /** It was answered, with another status of 500 or above. */
  ServerError,
  /**
   * The server ended the connection before the whole answer had come. It had taken the request from
   * its socket, or begun to answer.
   */
  Cut,
  /**
   * The server ended the connection by a reset, before it had said anything: as its kernel does
   * where the request was not taken from the socket, and seldom else.
   */
  Reset,
  /** The operator let go while it waited: proves nothing. */
  LetGo,
  /** No request was out when the server ended the connection. */
  ClosedIdle,
  /**
   * There was no connection to send it on: the server took none any more, or the operator came too
   * late.
   */
  NotConnected;

  /** The fate of a request that was answered. */
  public static RequestFate answered(Worth worth, boolean closing) {
    return switch (worth) {
      case Usual -> closing ? AnsweredClosing : Answered;
      case ClientError -> ClientError;
      case Unavailable -> Unavailable;
      case BadGateway -> BadGateway;
      case ServerError -> ServerError;
    };
  }

  /** Whether it was answered, well or not. */
  public boolean isAnswered() {
    return isAnsweredWell() || isWorse();
  }

  /** Whether it was answered with a status that is no worse than the usual one. */
  public boolean isAnsweredWell() {
    return this == Answered || this == AnsweredClosing;
  }

  /** Whether it was answered with a status that is worse than the usual one. */
  public boolean isWorse() {
    return this == ClientError || isServerError();
  }

  /** Whether it was answered with a 5xx. */
  public boolean isServerError() {
    return this == Unavailable || this == BadGateway || this == ServerError;
  }

  /** Whether the server ended the connection, and without having announced it. */
  public boolean isEndedByServer() {
    return this == Cut || this == Reset || this == ClosedIdle;
  }
}
