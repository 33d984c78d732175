package dev.graceful.probe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, with as much of HTTP/1.1 as a GET needs. A library would say that
 * something failed; here each way in which it can go is told apart. For one thread, a virtual one:
 * it blocks.
 */
final class HttpConnection implements AutoCloseable {

  /**
   * Where a connection leads.
   *
   * @param address an IP address: nothing is looked up
   * @param tls whether a handshake comes first; the certificate is not checked
   */
  record Server(String address, int port, boolean tls) {}

  /**
   * Who connects.
   *
   * @param userAgent for the servers' logs
   * @param nanoClock monotonic
   */
  record Caller(String userAgent, LongSupplier nanoClock) {}

  /** What became of the try to connect. */
  sealed interface Attempt {}

  /**
   * It is open.
   *
   * @param tookNanos until it was connected, without the handshake
   */
  record Open(HttpConnection connection, long tookNanos) implements Attempt {}

  /** It is not. */
  record NotOpen(Obstacle obstacle) implements Attempt {}

  /** Why there is no connection. */
  enum Obstacle {
    /** A reset in answer to the SYN: nobody listens. */
    Refused,
    /** Somebody listened, and ended the connection at once or during the handshake. */
    Reset,
    /** No answer in time. */
    TimedOut,
    /** No way to the address, a failure of our own, or no TLS that we understand. */
    Unreachable
  }

  /** What became of a request. */
  sealed interface Reply {}

  /**
   * A whole answer, or as much of a long one as is read.
   *
   * @param closing whether the server said that the connection ends with it
   * @param reusable whether another request can follow
   * @param proxy what a proxy before the app calls itself; null: none showed
   * @param outNanos until when surely not all of it had come, however late this process was told
   */
  record Answer(
      int status,
      boolean closing,
      boolean reusable,
      @Nullable String proxy,
      long sentNanos,
      long outNanos,
      long endedNanos)
      implements Reply {}

  /**
   * The server ended the connection before the whole answer had come.
   *
   * @param end how
   * @param sentNanos when all of the request was handed over
   * @param outNanos until when it was surely not ended: never later than it really was, however
   *     late this process was told
   * @param heardNanos when it was told
   */
  record Ended(End end, long sentNanos, long outNanos, long heardNanos) implements Reply {}

  /** No answer in time, or the client let go. */
  record NoAnswer(long sentNanos) implements Reply {}

  /** What came is no HTTP/1. */
  record NotHttp() implements Reply {}

  /** How a server ended a connection while a request was out. */
  enum End {
    /** In the middle of its answer. */
    InAnswer,
    /** By a FIN, and no reset followed: it had taken the request from its socket. */
    Closed,
    /** By a reset, as kernels do where a request was not taken from the socket. */
    Reset
  }

  /** What became of a connection on which nothing was out. */
  enum Quiet {
    /** The time is over, or the client let go. */
    Kept,
    /** The server ended it. */
    Closed
  }

  /**
   * How long to wait.
   *
   * @param untilNanos on the clock of the connection
   * @param letGo asked again and again: true ends the waiting
   * @param lookMillis how often at least it is asked; also how exactly {@link Ended#outNanos} and
   *     {@link Answer#outNanos} are known
   */
  record Patience(long untilNanos, BooleanSupplier letGo, int lookMillis) {

    /** Until then, whatever happens. */
    static Patience until(long nanos) {
      return new Patience(nanos, () -> false, Integer.MAX_VALUE);
    }
  }

  /** What is beyond is not read, and the connection not used again. */
  static final int MOST_BODY_BYTES = 64 * 1024;

  /**
   * Of an answer with all that surrounds its body: interim heads, the lines of chunks, trailers. A
   * server could send those without end.
   */
  static final int MOST_ANSWER_BYTES = 256 * 1024;

  private static final int MOST_HEAD_BYTES = 64 * 1024;
  private static final int MOST_LINE_BYTES = 16 * 1024;

  /** A reset that answers a request on its way follows the FIN within a round trip. */
  private static final Duration RESET_FOLLOWS = Duration.ofMillis(10);

  /** What a server still sends after a handshake (tickets) is not answered with a reset. */
  private static final Duration LAST_WORDS = Duration.ofMillis(100);

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})\\b.*");

  private static final int OK = 200;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Server server;
  private final Socket tcp;
  private final Socket socket;
  private final InputStream in;
  private final Caller caller;
  private final long tookNanos;

  private final byte[] buffer = new byte[8 * 1024];
  private int start;
  private int end;

  /** Of the answer that is being read. */
  private int answerBytes;

  /** Of the answer at hand. */
  private boolean begun;

  private long silentNanos;

  private HttpConnection(Server server, Socket tcp, Socket socket, Caller caller, long tookNanos)
      throws IOException {
    this.server = server;
    this.tcp = tcp;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.caller = caller;
    this.tookNanos = tookNanos;
  }

  /**
   * Connects, and shakes hands where that is asked.
   *
   * @param timeout for each of the two
   */
  static Attempt open(Server server, Duration timeout, Caller caller) {
    var tcp = new Socket();
    long start = caller.nanoClock().getAsLong();
    try {
      // A request is one small packet; nothing is gained by waiting for more.
      tcp.setTcpNoDelay(true);
      tcp.connect(
          new InetSocketAddress(InetAddress.ofLiteral(server.address()), server.port()),
          (int) timeout.toMillis());
    } catch (IOException | IllegalArgumentException e) {
      abandon(tcp);
      return new NotOpen(connectObstacle(e));
    }
    long took = caller.nanoClock().getAsLong() - start;
    try {
      Socket socket = server.tls() ? Tls.over(tcp, server, timeout) : tcp;
      return new Open(new HttpConnection(server, tcp, socket, caller, took), took);
    } catch (IOException e) {
      abandon(tcp);
      return new NotOpen(handshakeObstacle(e));
    }
  }

  /**
   * Sends a GET and reads the answer.
   *
   * @param path as in a URL; what may not stand in a request is escaped
   * @param last whether to tell the server that no other request follows
   */
  Reply get(String path, boolean last, Patience patience) {
    begun = false;
    long sent;
    try {
      socket.getOutputStream().write(request(path, last));
      sent = now();
      silentNanos = sent;
    } catch (IOException e) {
      // It had ended before there was a request.
      long now = now();
      return new Ended(End.Reset, now, now, now);
    }
    try {
      return answer(sent, patience);
    } catch (Unanswered e) {
      return new NoAnswer(sent);
    } catch (Unreadable e) {
      return new NotHttp();
    } catch (EOFException e) {
      long heard = now();
      return new Ended(
          begun ? End.InAnswer : resetFollows() ? End.Reset : End.Closed, sent, silentNanos, heard);
    } catch (IOException e) {
      return Thread.currentThread().isInterrupted()
          // It is we who end.
          ? new NoAnswer(sent)
          : new Ended(begun ? End.InAnswer : End.Reset, sent, silentNanos, now());
    }
  }

  /**
   * Waits while nothing is out, and looks once even if the time is over already. What a server says
   * unasked counts as its end.
   */
  Quiet stayQuiet(Patience patience) {
    try {
      if (start == end) {
        long atLeast = now() + TimeUnit.MILLISECONDS.toNanos(1);
        fill(
            patience.untilNanos() - atLeast > 0
                ? patience
                : new Patience(atLeast, patience.letGo(), 1));
      }
      return Quiet.Closed;
    } catch (Unanswered e) {
      return Quiet.Kept;
    } catch (IOException e) {
      return Thread.currentThread().isInterrupted() ? Quiet.Kept : Quiet.Closed;
    }
  }

  /** Ends it with a FIN. */
  @Override
  public void close() {
    try (tcp) {
      if (socket instanceof SSLSocket tls) {
        tls.shutdownOutput();
        tcp.shutdownOutput();
        long until = now() + LAST_WORDS.toNanos();
        InputStream rest = tcp.getInputStream();
        long left = LAST_WORDS.toMillis();
        do {
          tcp.setSoTimeout((int) left);
          if (rest.read(buffer) < 0) {
            return;
          }
          left = TimeUnit.NANOSECONDS.toMillis(until - now());
        } while (left > 0);
      }
    } catch (IOException e) {
      // It has ended already, or the server goes on talking: that is as good.
    }
  }

  private long now() {
    return caller.nanoClock().getAsLong();
  }

  // ---------------------------------------------------------------- the request

  private byte[] request(String path, boolean last) {
    String host = server.address().contains(":") ? "[" + server.address() + "]" : server.address();
    return ("GET "
            + target(path)
            + " HTTP/1.1\r\nHost: "
            + host
            + ":"
            + server.port()
            + "\r\nUser-Agent: "
            + caller.userAgent()
            + "\r\nAccept: */*\r\n"
            + (last ? "Connection: close\r\n" : "")
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String target(String path) {
    var target = new StringBuilder();
    if (!path.startsWith("/")) {
      target.append('/');
    }
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f) {
        target.append((char) b);
      } else {
        target.append('%').append(String.format(Locale.ROOT, "%02X", b));
      }
    }
    return target.toString();
  }

  // ---------------------------------------------------------------- the answer

  private Reply answer(long sent, Patience patience) throws IOException {
    answerBytes = end - start;
    Head head = head(patience);
    while (head.status < OK && head.status != SWITCHING_PROTOCOLS) {
      head = head(patience);
    }
    boolean whole = true;
    boolean ends = head.closing;
    if (head.status == SWITCHING_PROTOCOLS) {
      ends = true;
    } else if (head.status != NO_CONTENT && head.status != NOT_MODIFIED) {
      if (head.chunked) {
        whole = skipChunks(patience);
      } else if (head.length >= 0) {
        whole = skip(head.length, patience);
      } else {
        // Only the end of the connection tells where the body ends.
        ends = true;
        whole = skipToEnd(patience);
      }
    }
    return new Answer(head.status, ends, whole && !ends, head.proxy, sent, silentNanos, now());
  }

  /** What of an answer's head matters here. */
  private static final class Head {
    int status;
    boolean closing;
    boolean chunked;
    long length = -1;
    @Nullable String proxy;
  }

  private Head head(Patience patience) throws IOException {
    var head = new Head();
    Matcher line = STATUS_LINE.matcher(line(patience));
    if (!line.matches()) {
      throw new Unreadable();
    }
    boolean kept = "1".equals(line.group(1));
    head.status = Integer.parseInt(line.group(2));
    int bytes = 0;
    for (String field = line(patience); !field.isEmpty(); field = line(patience)) {
      bytes += field.length();
      if (bytes > MOST_HEAD_BYTES) {
        throw new Unreadable();
      }
      int colon = field.indexOf(':');
      if (colon <= 0) {
        throw new Unreadable();
      }
      String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = field.substring(colon + 1).strip();
      switch (name) {
        case "connection" -> {
          for (String token : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            kept = token.strip().equals("keep-alive") || (kept && !token.strip().equals("close"));
          }
        }
        case "transfer-encoding" ->
            head.chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        case "content-length" -> head.length = length(value);
        default -> {
          String proxy = Proxies.named(name, value);
          head.proxy = head.proxy == null ? proxy : head.proxy;
        }
      }
    }
    head.closing = !kept;
    return head;
  }

  private static long length(String value) throws Unreadable {
    try {
      long length = Long.parseLong(value);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Unreadable();
  }

  /** Whether all of the body was read. */
  private boolean skipChunks(Patience patience) throws IOException {
    long bytes = 0;
    while (true) {
      String size = line(patience).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new Unreadable();
      }
      long chunk = Long.parseLong(size, 16);
      if (chunk == 0) {
        while (!line(patience).isEmpty()) {
          // A trailer.
        }
        return true;
      }
      bytes += chunk;
      if (bytes > MOST_BODY_BYTES || !skip(chunk, patience)) {
        return false;
      }
      if (!line(patience).isEmpty()) {
        throw new Unreadable();
      }
    }
  }

  private boolean skip(long bytes, Patience patience) throws IOException {
    if (bytes > MOST_BODY_BYTES) {
      return false;
    }
    long left = bytes;
    while (left > 0) {
      if (start == end) {
        fill(patience);
      }
      int taken = (int) Math.min(left, end - start);
      start += taken;
      left -= taken;
    }
    return true;
  }

  private boolean skipToEnd(Patience patience) throws IOException {
    long bytes = 0;
    try {
      while (bytes <= MOST_BODY_BYTES) {
        bytes += end - start;
        start = end;
        fill(patience);
      }
      return false;
    } catch (EOFException e) {
      return true;
    }
  }

  private String line(Patience patience) throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (start == end) {
        fill(patience);
      }
      byte b = buffer[start++];
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
      if (line.size() > MOST_LINE_BYTES) {
        throw new Unreadable();
      }
    }
  }

  // ---------------------------------------------------------------- bytes

  /** Reads at least one byte; what was read before is used up. */
  private void fill(Patience patience) throws IOException {
    if (answerBytes > MOST_ANSWER_BYTES) {
      throw new Unreadable();
    }
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
        int read = in.read(buffer, 0, buffer.length);
        if (read < 0) {
          throw new EOFException();
        }
        start = 0;
        end = read;
        answerBytes += read;
        begun = true;
        return;
      } catch (SocketTimeoutException e) {
        // Nothing had come when that time was over, whenever this thread hears of it.
        silentNanos = now + TimeUnit.MILLISECONDS.toNanos(look);
      }
    }
  }

  /**
   * Whether the server's kernel answers the request with a reset, after a FIN: then the server had
   * closed before it took the request from its socket.
   */
  private boolean resetFollows() {
    if (tcp.isClosed() || tcp.isOutputShutdown()) {
      return false;
    }
    try {
      Thread.sleep(RESET_FOLLOWS.plusNanos(4 * tookNanos));
      // After a reset the kernel refuses to send. What is sent else, nobody reads any more.
      tcp.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // ---------------------------------------------------------------- failures

  private static Obstacle connectObstacle(Exception e) {
    String message = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
    return switch (e) {
      case SocketTimeoutException timeout -> Obstacle.TimedOut;
      // The JDK has one exception for ECONNREFUSED and ETIMEDOUT; only the first proves anything.
      case ConnectException connect when message.contains("refused") -> Obstacle.Refused;
      // It was accepted, by the kernel at least, and reset before we looked.
      case SocketException reset when message.contains("reset") -> Obstacle.Reset;
      default -> Obstacle.Unreachable;
    };
  }

  private static Obstacle handshakeObstacle(IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return Obstacle.Unreachable;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SocketTimeoutException timeout -> {
          return Obstacle.TimedOut;
        }
        case EOFException eof -> {
          return Obstacle.Reset;
        }
        case SocketException reset -> {
          return Obstacle.Reset;
        }
        default -> {}
      }
    }
    return e instanceof SSLException ? Obstacle.Unreachable : Obstacle.Reset;
  }

  private static void abandon(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost with it.
    }
  }

  /** The time is over, or the client let go. */
  private static final class Unanswered extends IOException {}

  /** What came is no HTTP/1. */
  private static final class Unreadable extends IOException {}
}
