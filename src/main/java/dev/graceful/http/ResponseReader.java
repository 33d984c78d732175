package dev.graceful.http;

import dev.graceful.http.ResponseDecoder.Unreadable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one response after the other from a channel. The content of the bodies is dropped. */
final class ResponseReader implements AutoCloseable {

  /** Reading a body stops after this many bytes, and no request can follow. */
  static final int MOST_BODY_BYTES = 64 * 1024;

  /**
   * Limits a response with all that surrounds its body: interim heads, the lines of chunks,
   * trailers. A server could send those without end.
   */
  static final int MOST_RESPONSE_BYTES = 256 * 1024;

  private static final int USUAL_BYTES = 8 * 1024;

  private final Channel channel;
  private final ResponseDecoder decoder = new ResponseDecoder();
  private final ByteBuf bytes = Unpooled.buffer(USUAL_BYTES);

  /** Of the response at hand. */
  private int responseBytes;

  /**
   * The final response.
   *
   * @param status 101, or 200 and above
   * @param closing whether the connection ends with it
   * @param whole whether all of its body was read
   * @param proxy the name of a proxy that shows in its headers; null: none
   */
  record Response(int status, boolean closing, boolean whole, @Nullable String proxy) {}

  /** Reads nothing until it is asked. */
  ResponseReader(Channel channel) {
    this.channel = channel;
  }

  /** Whether bytes were read that are no part of the last response. */
  boolean hasUnread() {
    return bytes.isReadable();
  }

  /**
   * Reads the final response; interim ones are skipped.
   *
   * @throws Unreadable if it is no HTTP/1, or is too long
   * @throws Channel.Unanswered if the patience ends first
   * @throws EOFException if the server has sent its FIN before the end of the response
   */
  Response read(Patience patience) throws IOException {
    responseBytes = bytes.readableBytes();
    HttpResponse head = head(patience);
    while (isInterim(head.status())) {
      head = head(patience);
    }
    boolean upgraded = head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    boolean untilFin = !upgraded && !decoder.isComplete() && !hasLength(head);
    boolean whole = upgraded || skipBody(untilFin, patience);
    return new Response(
        head.status().code(), upgraded || untilFin || !isKeptAlive(head), whole, proxy(head));
  }

  /**
   * Reads more bytes, without a look at them.
   *
   * @throws Unreadable if there are too many of them already
   */
  void fill(Patience patience) throws IOException {
    if (responseBytes > MOST_RESPONSE_BYTES) {
      throw new Unreadable();
    }
    bytes.discardReadBytes();
    responseBytes += channel.read(bytes, patience);
  }

  /** Returns the buffers; no response can be read afterwards. */
  @Override
  public void close() {
    if (bytes.refCnt() > 0) {
      bytes.release();
      decoder.close();
    }
  }

  private HttpResponse head(Patience patience) throws IOException {
    decoder.next();
    HttpResponse head = decoder.head();
    while (head == null) {
      if (!decoder.step(bytes)) {
        fill(patience);
      }
      head = decoder.head();
    }
    return head;
  }

  /** Whether all of the body was read. */
  private boolean skipBody(boolean untilFin, Patience patience) throws IOException {
    try {
      while (!decoder.isComplete()) {
        if (decoder.bodyBytes() > MOST_BODY_BYTES) {
          return false;
        }
        if (!decoder.step(bytes)) {
          fill(patience);
        }
      }
      return true;
    } catch (EOFException e) {
      if (untilFin) {
        return true;
      }
      throw e;
    }
  }

  private static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && !status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  private static boolean hasLength(HttpResponse head) {
    return head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
        || HttpUtil.isTransferEncodingChunked(head);
  }

  /** Of contradicting words the last one counts. */
  private static boolean isKeptAlive(HttpResponse head) {
    boolean kept = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    for (String value : head.headers().getAll(HttpHeaderNames.CONNECTION)) {
      for (String token : value.toLowerCase(Locale.ROOT).split(",", -1)) {
        kept = token.strip().equals("keep-alive") || (kept && !token.strip().equals("close"));
      }
    }
    return kept;
  }

  private static @Nullable String proxy(HttpResponse head) {
    for (Map.Entry<String, String> header : head.headers()) {
      String proxy = Proxies.named(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
      if (proxy != null) {
        return proxy;
      }
    }
    return null;
  }
}
