package dev.graceful.http;

import dev.graceful.http.Attempt.Obstacle;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * Tells apart why a connection could not be opened. The JDK and Netty have one exception for
 * several error numbers, so the messages decide; nothing else reads them.
 */
public final class ConnectFailure {

  private ConnectFailure() {}

  /** The obstacle to a TCP connection, by what the JDK or Netty threw. */
  public static Obstacle connecting(Exception failure) {
    String message =
        failure.getMessage() == null ? "" : failure.getMessage().toLowerCase(Locale.ROOT);
    return switch (failure) {
      case SocketTimeoutException e -> Obstacle.TimedOut;
      // Only ECONNREFUSED proves anything.
      case ConnectException e when message.contains("refused") -> Obstacle.Refused;
      case ConnectException e when message.contains("timed out") -> Obstacle.TimedOut;
      // The kernel had accepted the connection, and it was reset before we looked.
      case SocketException e when message.contains("reset") -> Obstacle.Reset;
      default -> Obstacle.Unreachable;
    };
  }

  /** The obstacle to a TLS handshake over an open connection. */
  static Obstacle shakingHands(IOException failure) {
    if (Thread.currentThread().isInterrupted()) {
      return Obstacle.Unreachable;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SocketTimeoutException e -> {
          return Obstacle.TimedOut;
        }
        case EOFException e -> {
          return Obstacle.Reset;
        }
        case SocketException e -> {
          return Obstacle.Reset;
        }
        default -> {}
      }
    }
    return failure instanceof SSLException ? Obstacle.Unreachable : Obstacle.Reset;
  }
}
