package dev.graceful.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  /** Netty takes any version, any number for a status, and any white space around them. */
  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] [1-5][0-9]{2}\\b.*\\r?");

  private static final Pattern CHUNK_SIZE =
      Pattern.compile("\\s*([0-9a-fA-F]{1,8})\\s*(;.*)?", Pattern.DOTALL);

  /** No chunk is being read, and none is about to begin. */
  private static final long NO_CHUNK = -1;

  private final List<Object> decoded = new ArrayList<>();

  private boolean begun;
  private boolean inHeaders;
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
    inHeaders = false;
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
    if (!bytes.isReadable() || (!begun && !begins(bytes))) {
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
  private boolean begins(ByteBuf bytes) throws Unreadable {
    String line = line(bytes);
    if (line == null
        ? bytes.readableBytes() > MOST_LINE_BYTES
        : !STATUS_LINE.matcher(line).matches()) {
      throw new Unreadable();
    }
    begun = line != null;
    return begun;
  }

  /** Netty tells of a chunk only once bytes of it have come. */
  private boolean announcesChunk(ByteBuf bytes) throws Unreadable {
    String line = line(bytes);
    if (line == null || line.startsWith("\r")) {
      // The end of the last chunk, or not enough.
      return false;
    }
    Matcher size = CHUNK_SIZE.matcher(line);
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

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    inHeaders = true;
    return new DefaultHttpResponse(
        HttpVersion.valueOf(initialLine[0]),
        HttpResponseStatus.valueOf(Integer.parseInt(initialLine[1], 0, 3, 10)),
        new ResponseHeaders());
  }

  /** {@inheritDoc} It is the last question before the length of the body is decided. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    inHeaders = false;
    return super.isContentAlwaysEmpty(message);
  }

  /**
   * {@inheritDoc} True while headers are read: only for requests Netty insists on a colon in each.
   */
  @Override
  protected boolean isDecodingRequest() {
    return inHeaders;
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

  /** The first line without its line feed; null: not all of it has come. */
  private static @Nullable String line(ByteBuf bytes) {
    int length = bytes.bytesBefore(HttpConstants.LF);
    return length < 0
        ? null
        : bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1);
  }

  /** What came is no HTTP/1, or is longer than any response that is read. */
  static final class Unreadable extends IOException {}
}
