package dev.graceful.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/**
 * The headers of a response with any names and values. Of those that tell the length of the body,
 * the last one of each kind counts.
 */
final class ResponseHeaders extends DefaultHttpHeaders {

  /** Of one header. */
  static final int MOST_BYTES = 16 * 1024;

  ResponseHeaders() {
    super(name -> {}, value -> {});
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if it has no name, is too long, or is a length that is none
   */
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    String text = value.toString();
    if (name.isEmpty() || name.length() + text.length() > MOST_BYTES) {
      throw new IllegalArgumentException("Empty name, or too long");
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
