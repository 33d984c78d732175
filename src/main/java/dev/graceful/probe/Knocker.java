package dev.graceful.probe;

import dev.graceful.observe.Knock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

/** Opens one connection and closes it again. */
final class Knocker {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private Knocker() {}

  /**
   * Tries one connection; waits a second for an answer at most, and sends nothing.
   *
   * @param address an IP address: nothing is looked up
   */
  static Knock.Outcome knock(String address, int port) {
    return knock(address, port, TIMEOUT);
  }

  /** The same, waiting as long as it is told for an answer. */
  static Knock.Outcome knock(String address, int port, Duration timeout) {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral(address), port), (int) timeout.toMillis());
      return Knock.Outcome.Accepted;
    } catch (SocketTimeoutException e) {
      return Knock.Outcome.TimedOut;
    } catch (ConnectException e) {
      String message = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
      // The JDK has one exception for ECONNREFUSED and ETIMEDOUT; only the first proves anything.
      return message.contains("refused") ? Knock.Outcome.Refused : Knock.Outcome.Unreachable;
    } catch (IOException e) {
      return Knock.Outcome.Unreachable;
    }
  }
}
