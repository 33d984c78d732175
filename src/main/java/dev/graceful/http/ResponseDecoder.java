package dev.graceful.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder, without a channel: the caller's thread takes one step after the other. It adds
 * how long a body is going to be as soon as that is announced, and refuses what Netty lets pass but
 * is no response.
 */
final class ResponseDecoder extends HttpResponseDecoder implements AutoCloseable {

  private static final int MOST_HEAD_BYTES = 64 * 1024;
  private static final int MOST_LINE_BYTES = 16 * 1024;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})\\b.*");

  private static final Pattern CHUNK_SIZE =
      Pattern.compile("\\s*([0-9a-fA-F]{1,8})\\s*(;.*)?", Pattern.DOTALL);

  /** No chunk is being read, and none is about to begin. */
  private static final long NO_CHUNK = -1;

  private final List<Object> decoded = new ArrayList<>();

  private boolean begun;
  private @Nullable HttpResponse head;
  private boolean complete;
  private long bodyBytes;

  /** Bytes of the chunk at hand that have not come. 0: the next one is about to begin. */
  private long chunkLeft = NO_CHUNK;

  ResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEAD_BYTES)
            .setMaxChunkSize(MOST_LINE_BYTES)
            .setValidateHeaders(false)
            .setStrictLineParsing(false));
  }

  /** Forgets the last response; the bytes that follow are the next one's. */
  void next() {
    begun = false;
    head = null;
    complete = false;
    bodyBytes = 0;
    chunkLeft = NO_CHUNK;
  }

  /** The status line and the headers; null: not all of them have come. */
  @Nullable HttpResponse head() {
    return head;
  }

  /** Whether all of the response has come. Never true where only a FIN ends the body. */
  boolean isComplete() {
    return complete;
  }

  /** The length of the body, as far as it is announced, or without a length, as it has come. */
  long bodyBytes() {
    return bodyBytes;
  }

  /**
   * Decodes a piece of the response and drops what it was read from.
   *
   * @return false: more bytes are needed
   * @throws Unreadable if the bytes are no HTTP/1 response
   */
  boolean step(ByteBuf bytes) throws Unreadable {
    if (!bytes.isReadable() || (!begun && !isBegin(bytes))) {
      return false;
    }
    if (chunkLeft == 0 && announcesChunk(bytes)) {
      return true;
    }
    int before = bytes.readerIndex();
    try {
      // Netty asks for no context while it decodes.
      decode(null, bytes, decoded);
      for (Object each : decoded) {
        take((HttpObject) each);
      }
      return bytes.readerIndex() > before || !decoded.isEmpty();
    } catch (RuntimeException | Unreadable e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      decoded.forEach(ReferenceCountUtil::release);
      decoded.clear();
    }
  }

  /** Netty would skip empty lines and control characters, as the frames of HTTP/2 are full of. */
  private static boolean isBegin(ByteBuf bytes) throws Unreadable {
    if (bytes.getByte(bytes.readerIndex()) == 'H') {
      return true;
    }
    if (bytes.bytesBefore(HttpConstants.LF) >= 0 || bytes.readableBytes() > MOST_LINE_BYTES) {
      throw new Unreadable();
    }
    return false;
  }

  /** Netty tells of a chunk only once bytes of it have come. */
  private boolean announcesChunk(ByteBuf bytes) throws Unreadable {
    int length = bytes.bytesBefore(HttpConstants.LF);
    boolean endOfTheLast = bytes.getByte(bytes.readerIndex()) == HttpConstants.CR;
    if (length < 0 || endOfTheLast) {
      return false;
    }
    Matcher size =
        CHUNK_SIZE.matcher(
            bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1));
    if (!size.matches()) {
      throw new Unreadable();
    }
    long announced = Long.parseLong(size.group(1), 16);
    bodyBytes += announced;
    chunkLeft = announced == 0 ? NO_CHUNK : announced;
    return true;
  }

  private void take(HttpObject object) throws Unreadable {
    if (object.decoderResult().isFailure()) {
      throw new Unreadable();
    }
    if (object instanceof HttpResponse response) {
      head = response;
      if (HttpUtil.isTransferEncodingChunked(response)) {
        chunkLeft = 0;
      } else {
        bodyBytes = HttpUtil.getContentLength(response, 0L);
      }
    }
    if (object instanceof HttpContent content) {
      int length = content.content().readableBytes();
      if (chunkLeft != NO_CHUNK) {
        chunkLeft -= length;
      } else if (head != null && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
        bodyBytes += length;
      }
      complete = object instanceof LastHttpContent;
    }
  }

  /** {@inheritDoc} Netty takes any version and any number for a status. */
  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    begun = true;
    Matcher line = STATUS_LINE.matcher(String.join(" ", initialLine));
    if (!line.matches()) {
      throw new IllegalArgumentException("No status line of HTTP/1");
    }
    return new DefaultHttpResponse(
        "1".equals(line.group(1)) ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0,
        HttpResponseStatus.valueOf(Integer.parseInt(line.group(2))),
        new Headers());
  }

  /** {@inheritDoc} Netty takes a line without a colon for a header without a value. */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    int end = start + length;
    while (line[end] == ' ' || line[end] == '\t') {
      end++;
    }
    if (length == 0 || line[end] != ':') {
      throw new IllegalArgumentException("No header");
    }
    return super.splitHeaderName(line, start, length);
  }

  /** Returns the decoder's buffer. */
  @Override
  public void close() {
    try {
      handlerRemoved0(null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of the headers that tell the length of a body, the last of each kind counts. */
  private static final class Headers extends DefaultHttpHeaders {

    Headers() {
      super(name -> {}, value -> {});
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
      String text = value.toString();
      if (name.length() + text.length() > MOST_LINE_BYTES) {
        throw new IllegalArgumentException("Header too long");
      }
      if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
        return set(name, Long.valueOf(text));
      }
      if (HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
        boolean chunked = text.toLowerCase(Locale.ROOT).endsWith("chunked");
        return set(name, chunked ? "chunked" : "identity");
      }
      return super.add(name, value);
    }
  }

  /** What came is no HTTP/1, or is longer than any response that is read. */
  static final class Unreadable extends IOException {}
}
