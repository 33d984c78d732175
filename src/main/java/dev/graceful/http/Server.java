package dev.graceful.http;

/**
 * The server to connect to.
 *
 * @param address an IP address; names are not looked up
 * @param tls whether a TLS handshake follows the connect; the certificate is not checked
 */
public record Server(String address, int port, boolean tls) {}
