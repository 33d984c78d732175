package dev.graceful.http;

import org.jspecify.annotations.Nullable;

/** The result of a request. All moments are on the clock of the {@link Caller}. */
public sealed interface Reply {

  /**
   * A whole response, or as much of a long one as is read.
   *
   * @param status of the final response; 101, or 200 and above
   * @param closing whether the server said that the connection ends with the response
   * @param whole whether all of it was read; else it is longer than is read
   * @param reusable whether another request can follow
   * @param proxy the name of a proxy before the app, by the response's headers; null: none showed
   * @param sentNanos when all of the request was handed over to the kernel
   * @param outNanos until when surely not all of the response had come, however late this process
   *     heard of it
   * @param endedNanos when the end of the response was read
   */
  record Answer(
      int status,
      boolean closing,
      boolean whole,
      boolean reusable,
      @Nullable String proxy,
      long sentNanos,
      long outNanos,
      long endedNanos)
      implements Reply {}

  /**
   * The server ended the connection before the whole response had come.
   *
   * @param end how
   * @param sentNanos when all of the request was handed over to the kernel
   * @param outNanos until when the connection had surely not ended: never later than it really
   *     ended, however late this process heard of it
   * @param heardNanos when this process heard of the end
   */
  record Ended(End end, long sentNanos, long outNanos, long heardNanos) implements Reply {}

  /**
   * No response came in time, or the client let go.
   *
   * @param sentNanos when all of the request was handed over to the kernel
   */
  record NoAnswer(long sentNanos) implements Reply {}

  /** The server sent something that is not HTTP/1, or more of a response than is read. */
  record NotHttp() implements Reply {}

  /** How a server ended a connection while a request was out. */
  enum End {
    /** In the middle of its response. */
    InAnswer,
    /** By a FIN that no reset followed: the server had taken the request from its socket. */
    Closed,
    /** By a reset, as kernels do where a request was not taken from the socket. */
    Reset
  }
}
