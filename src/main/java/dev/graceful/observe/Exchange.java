package dev.graceful.observe;

/**
 * One request of a client that keeps its connection and sends one request after the other. In
 * milliseconds since the deletion was seen.
 *
 * @param outUntilMillis until when it was surely out: never later than it was, however late the
 *     operator heard of its fate
 * @param endedMillis when its fate was known
 */
public record Exchange(long sentMillis, long outUntilMillis, long endedMillis, Fate fate) {

  /** What became of the request. */
  public enum Fate {
    /** It was answered, with a status that is no worse than the usual one. */
    Answered,
    /** The same, and the answer announced that the connection ends. */
    AnsweredClosing,
    /** It was answered with a 4xx, where the usual status is below 400. */
    ClientError,
    /** It was answered, with a status of 500 or above. */
    ServerError,
    /**
     * The server ended the connection before the whole answer had come. It had taken the request
     * from its socket, or begun to answer.
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
     * There was no connection to send it on: the server took none any more, or the operator came
     * too late.
     */
    NotConnected
  }

  /** For how long it was out at least. */
  public long outMillis() {
    return outUntilMillis - sentMillis;
  }

  /** Whether the server wrote an answer. */
  public boolean isAnswered() {
    return switch (fate) {
      case Answered, AnsweredClosing, ClientError, ServerError -> true;
      case Cut, Reset, LetGo, ClosedIdle, NotConnected -> false;
    };
  }

  /** Whether the server ended the connection, and without having announced it. */
  public boolean isEndedByServer() {
    return switch (fate) {
      case Cut, Reset, ClosedIdle -> true;
      case Answered, AnsweredClosing, ClientError, ServerError, LetGo, NotConnected -> false;
    };
  }
}
