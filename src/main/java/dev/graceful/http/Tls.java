package dev.graceful.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Handshakes that check neither certificate nor host name, as the kubelet's do not: nothing secret
 * is sent, and whether a pod serves does not depend on who signed for it.
 */
final class Tls {

  private static final SSLSocketFactory SOCKETS = sockets();

  private Tls() {}

  /**
   * Shakes hands over an open connection.
   *
   * @param timeout for each thing that the server has to say
   */
  static SSLSocket over(Socket tcp, Server server, Duration timeout) throws IOException {
    var socket = (SSLSocket) SOCKETS.createSocket(tcp, server.address(), server.port(), true);
    socket.setSoTimeout((int) timeout.toMillis());
    socket.startHandshake();
    return socket;
  }

  private static SSLSocketFactory sockets() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no TLS", e);
    }
  }

  /** The extended kind, as the JDK adds checks of its own to the other one. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
