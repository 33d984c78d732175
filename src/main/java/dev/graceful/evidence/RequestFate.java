package dev.graceful.evidence;

/** What became of a request on a connection that is kept. */
public enum RequestFate {
  /** It was answered, with a status that is no worse than the usual one. */
  Answered,
  /** The same, and the answer announced that the connection ends. */
  AnsweredClosing,
  /** It was answered with a 4xx, where the usual status is below 400. */
  ClientError,
  /** It was answered, with a status of 500 or above. */
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
  NotConnected
}
