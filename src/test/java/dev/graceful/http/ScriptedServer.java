package dev.graceful.http;

import io.vertx.core.Vertx;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A listener that does with each connection as it is told; a thread a connection. */
public final class ScriptedServer implements AutoCloseable {

  public static final String LOOPBACK = "127.0.0.1";
  public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** What is done with one connection. */
  public interface Script {
    void play(ScriptedServer server, Socket socket) throws Exception;
  }

  private final ServerSocket listener;
  private final Thread accepting;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private ScriptedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.accepting = Thread.ofVirtual().start(() -> accept(script));
  }

  public static ScriptedServer plain(Script script) throws IOException {
    return new ScriptedServer(new ServerSocket(0, 50, InetAddress.ofLiteral(LOOPBACK)), script);
  }

  /** With a certificate that nobody knows, for another name. */
  public static ScriptedServer tls(Script script) throws Exception {
    var certificate = SelfSignedCertificate.create("another.invalid");
    Vertx vertx = Vertx.vertx();
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          certificate.keyCertOptions().getKeyManagerFactory(vertx).getKeyManagers(), null, null);
      return new ScriptedServer(
          context
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.ofLiteral(LOOPBACK)),
          script);
    } finally {
      certificate.delete();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  public boolean isTls() {
    return listener instanceof SSLServerSocket;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Of all connections that there were. */
  public List<Socket> sockets() {
    return sockets;
  }

  /** Of all requests that were read. */
  public List<String> heads() {
    return heads;
  }

  /** Reads a request; false: the client has closed. */
  public boolean read(Socket socket) throws IOException {
    var head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return false;
      }
      head.append((char) b);
    }
    heads.add(head.toString());
    return true;
  }

  public static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Answers whatever is asked, until the client closes. */
  public void serve(Socket socket) throws IOException {
    while (read(socket)) {
      write(socket, OK);
    }
  }

  /** Closes with a reset. */
  public static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Listens no longer; connections stay. */
  public void closeListener() throws IOException, InterruptedException {
    listener.close();
    // As long as a thread accepts, the kernel lets clients in.
    accepting.join();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    script.play(this, socket);
                  } catch (Exception e) {
                    // The client has gone, or the test is over.
                  }
                });
      } catch (IOException e) {
        // The test is over.
      }
    }
  }
}
