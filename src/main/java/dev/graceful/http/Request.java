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
    var head = new StringBuilder("GET ").append(originForm(path)).append(" HTTP/1.1\r\n");
    unlessGiven(server, new HeaderLine("Host", host + ":" + server.port()), head);
    unlessGiven(server, new HeaderLine("User-Agent", userAgent), head);
    unlessGiven(server, new HeaderLine("Accept", "*/*"), head);
    server.headers().forEach(header -> append(header, head));
    if (last) {
      append(new HeaderLine("Connection", "close"), head);
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void unlessGiven(Server server, HeaderLine usual, StringBuilder head) {
    if (server.headers().stream().noneMatch(given -> given.name().equalsIgnoreCase(usual.name()))) {
      append(usual, head);
    }
  }

  private static void append(HeaderLine header, StringBuilder head) {
    head.append(header.name()).append(": ").append(header.value()).append("\r\n");
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
