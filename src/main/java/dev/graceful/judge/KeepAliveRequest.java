package dev.graceful.judge;

import dev.graceful.evidence.RequestFate;

/**
 * One request of a client that keeps its connection and sends one request after the other. In
 * milliseconds since the deletion was seen.
 *
 * @param outUntilMillis until when it was surely out: never later than it was, however late the
 *     operator heard of its fate
 * @param endedMillis when its fate was known
 */
public record KeepAliveRequest(
    long sentMillis, long outUntilMillis, long endedMillis, RequestFate fate) {

  /** For how long it was out at least. */
  public long outMillis() {
    return outUntilMillis - sentMillis;
  }

  /** Whether the server wrote an answer. */
  public boolean isAnswered() {
    return fate.isAnswered();
  }

  /** Whether the server ended the connection, and without having announced it. */
  public boolean isEndedByServer() {
    return fate.isEndedByServer();
  }
}
