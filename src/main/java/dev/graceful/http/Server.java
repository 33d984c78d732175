package dev.graceful.http;

import java.util.List;

/**
 * The server to connect to.
 *
 * @param address an IP address; names are not looked up
 * @param tls whether a TLS handshake follows the connect; the certificate is not checked
 * @param headers of each request, in addition to the usual ones or in place of those
 */
public record Server(String address, int port, boolean tls, List<HeaderLine> headers) {

  /** A server that gets the usual headers. */
  public Server(String address, int port, boolean tls) {
    this(address, port, tls, List.of());
  }
}
