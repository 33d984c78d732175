package dev.graceful.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The bytes of a GET request. */
final class Request {

  private Request() {}

  /**
   * A GET without a body.
   *
   * @param path as in a URL; characters that a request line cannot hold are escaped
   * @param last whether to tell the server that no other request follows
   */
  static byte[] get(Server server, String userAgent, String path, boolean last) {
    String host = server.address().contains(":") ? "[" + server.address() + "]" : server.address();
    return ("GET "
            + originForm(path)
            + " HTTP/1.1\r\nHost: "
            + host
            + ":"
            + server.port()
            + "\r\nUser-Agent: "
            + userAgent
            + "\r\nAccept: */*\r\n"
            + (last ? "Connection: close\r\n" : "")
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The path as a request line has it (RFC 9112). */
  private static String originForm(String path) {
    var form = new StringBuilder();
    if (!path.startsWith("/")) {
      form.append('/');
    }
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f) {
        form.append((char) b);
      } else {
        form.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return form.toString();
  }
}
