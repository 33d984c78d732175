package dev.graceful.observe;

/**
 * One request of a client that keeps its connection and sends one request after the other. In
 * milliseconds since the deletion was seen.
 *
 * @param endedMillis when its fate was known
 */
public record Exchange(long sentMillis, long endedMillis, Fate fate) {

  /** What became of the request. */
  public enum Fate {
    /** It was answered, with a status below 500. */
    Answered,
    /** The same, and the answer announced that the connection ends. */
    AnsweredClosing,
    /** It was answered, with a status of 500 or above. */
    ServerError,
    /** The server ended the connection before the whole answer had come. */
    Cut,
    /** The operator let go while it waited: proves nothing. */
    LetGo,
    /** No request was out when the server ended the connection. */
    ClosedIdle
  }

  /** Whether the server wrote an answer. */
  public boolean isAnswered() {
    return switch (fate) {
      case Answered, AnsweredClosing, ServerError -> true;
      case Cut, LetGo, ClosedIdle -> false;
    };
  }
}
