package dev.graceful.http;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocket;

/**
 * The bytes of one connection and the moments at which they went and came. It knows nothing of
 * HTTP. For one thread, a virtual one: it blocks.
 */
final class Channel implements AutoCloseable {

  /** A reset that answers a request on its way follows the FIN within a round trip. */
  private static final Duration RESET_FOLLOWS = Duration.ofMillis(10);

  /** How long to take in what a server sends after a handshake (tickets), to send no reset. */
  private static final Duration LAST_WORDS = Duration.ofMillis(100);

  private static final int LEAST_READ_BYTES = 1024;

  private final Socket tcp;
  private final Socket socket;
  private final InputStream in;
  private final LongSupplier nanoClock;
  private final long tookNanos;

  private boolean heard;
  private long sentNanos;
  private long silentNanos;

  private Channel(Socket tcp, Socket socket, LongSupplier nanoClock, long tookNanos)
      throws IOException {
    this.tcp = tcp;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.nanoClock = nanoClock;
    this.tookNanos = tookNanos;
  }

  /**
   * Connects the socket.
   *
   * @return how long that took, in nanoseconds
   * @throws IllegalArgumentException if the server's address is no IP address
   */
  static long connect(Socket tcp, Server server, Duration timeout, LongSupplier nanoClock)
      throws IOException {
    long start = nanoClock.getAsLong();
    // A request is one small packet; nothing is gained by waiting for more.
    tcp.setTcpNoDelay(true);
    tcp.connect(
        new InetSocketAddress(InetAddress.ofLiteral(server.address()), server.port()),
        (int) timeout.toMillis());
    return nanoClock.getAsLong() - start;
  }

  /**
   * Wraps a connected socket, after a TLS handshake if the server is asked over TLS.
   *
   * @param timeout for each message of the server's in the handshake
   * @param tookNanos how long connecting took
   */
  static Channel over(
      Socket tcp, Server server, Duration timeout, LongSupplier nanoClock, long tookNanos)
      throws IOException {
    Socket socket = server.tls() ? Tls.over(tcp, server, timeout) : tcp;
    return new Channel(tcp, socket, nanoClock, tookNanos);
  }

  /** Now, on the connection's clock. */
  long now() {
    return nanoClock.getAsLong();
  }

  /** Sends all bytes; what is heard is counted from here on. */
  void write(byte[] bytes) throws IOException {
    heard = false;
    socket.getOutputStream().write(bytes);
    sentNanos = now();
    silentNanos = sentNanos;
  }

  /** When the last write was handed over to the kernel. */
  long sentNanos() {
    return sentNanos;
  }

  /** Until when surely not all had come that is read by now; at least the moment of the write. */
  long outNanos() {
    return silentNanos;
  }

  /** Whether any byte came since the last write. */
  boolean isHeard() {
    return heard;
  }

  /**
   * Reads at least one byte.
   *
   * @return how many bytes were read
   * @throws Unanswered if the patience ends first
   * @throws EOFException if the server has sent its FIN
   */
  int read(ByteBuf into, Patience patience) throws IOException {
    while (true) {
      long now = now();
      long leftMillis =
          TimeUnit.NANOSECONDS.toMillis(
              patience.untilNanos() - now + TimeUnit.MILLISECONDS.toNanos(1) - 1);
      if (leftMillis <= 0 || patience.letGo().getAsBoolean()) {
        throw new Unanswered();
      }
      int look = (int) Math.min(leftMillis, patience.lookMillis());
      socket.setSoTimeout(look);
      try {
        int read = into.writeBytes(in, Math.max(into.writableBytes(), LEAST_READ_BYTES));
        if (read < 0) {
          throw new EOFException();
        }
        heard = true;
        return read;
      } catch (SocketTimeoutException e) {
        // Nothing had come when that time was over, whenever this thread hears of it.
        silentNanos = now + TimeUnit.MILLISECONDS.toNanos(look);
      }
    }
  }

  /**
   * Whether the server's kernel answers the request with a reset, after a FIN: then the server had
   * closed before it took the request from its socket. Nothing can be sent afterwards.
   */
  boolean resetFollows() {
    if (tcp.isClosed() || tcp.isOutputShutdown()) {
      return false;
    }
    try {
      Thread.sleep(RESET_FOLLOWS.plusNanos(4 * tookNanos));
      // After a reset the kernel refuses to send. Otherwise the server no longer reads this byte.
      tcp.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the connection with a FIN. */
  @Override
  public void close() {
    try (tcp) {
      if (socket instanceof SSLSocket tls) {
        tls.shutdownOutput();
        tcp.shutdownOutput();
        takeLastWords();
      }
    } catch (IOException e) {
      // It has ended already, or the server goes on talking: that is as good.
    }
  }

  private void takeLastWords() throws IOException {
    long until = now() + LAST_WORDS.toNanos();
    InputStream rest = tcp.getInputStream();
    byte[] words = new byte[LEAST_READ_BYTES];
    long left = LAST_WORDS.toMillis();
    do {
      tcp.setSoTimeout((int) left);
      if (rest.read(words) < 0) {
        return;
      }
      left = TimeUnit.NANOSECONDS.toMillis(until - now());
    } while (left > 0);
  }

  /** The time is over, or the client let go. */
  static final class Unanswered extends IOException {}
}
