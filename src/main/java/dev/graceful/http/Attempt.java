package dev.graceful.http;

/** The result of an attempt to connect. */
public sealed interface Attempt {

  /**
   * The connection is open.
   *
   * @param connection for the caller to close
   * @param tookNanos how long connecting took, without the TLS handshake
   */
  record Open(HttpConnection connection, long tookNanos) implements Attempt {}

  /** There is no connection. */
  record NotOpen(Obstacle obstacle) implements Attempt {}

  /** Why there is no connection. */
  enum Obstacle {
    /** A reset answered the SYN: no socket listens on the port. */
    Refused,
    /** A socket listened, and the connection was ended at once or during the TLS handshake. */
    Reset,
    /** No answer came in time. */
    TimedOut,
    /** No route to the address, a failure of our own, or no TLS that we understand. */
    Unreachable
  }
}
