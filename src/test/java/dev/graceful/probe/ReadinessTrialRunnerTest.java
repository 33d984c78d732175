package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessAnswer.Failed;
import dev.graceful.facts.ReadinessAnswer.Passed;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.ReadinessCheck.Action;
import dev.graceful.facts.ReadinessCheck.Grpc;
import dev.graceful.facts.ReadinessCheck.HttpGet;
import dev.graceful.facts.ReadinessCheck.TcpSocket;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The trial against real servers; only what hangs waits for the timeout. */
class ReadinessTrialRunnerTest {

  private static final String LOOPBACK = "127.0.0.1";

  /** Long, so that a busy machine never decides a test. */
  private static final int PATIENT_SECONDS = 60;

  private static Vertx vertx;
  private static ReadinessTrialRunner runner;

  private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    runner = new ReadinessTrialRunner(vertx, "test");
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 302, 304, 399})
  void httpStatusesThatPass(int status) {
    int port = http(exchange -> exchange.sendResponseHeaders(status, -1));

    assertThat(ask(port, new HttpGet("/ready", false))).isEqualTo(new Passed());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503})
  void httpStatusesThatFail(int status) {
    int port = http(exchange -> exchange.sendResponseHeaders(status, -1));

    assertThat(ask(port, new HttpGet("/ready?full=1", false)))
        .isEqualTo(failed("GET /ready?full=… on port " + port + " answered " + status));
  }

  @Test
  void asksAsTheKubeletDoes() {
    // given
    Map<String, String> seen = new ConcurrentHashMap<>();
    int port =
        http(
            exchange -> {
              exchange
                  .getRequestHeaders()
                  .forEach((name, values) -> seen.put(name, values.getFirst()));
              seen.put("uri", exchange.getRequestURI().toString());
              exchange.sendResponseHeaders(200, -1);
            });

    // when
    ask(port, new HttpGet("/a%20b/c;d=1?q=%22", false));

    // then
    assertThat(seen)
        .containsOnly(
            Map.entry("uri", "/a%20b/c;d=1?q=%22"),
            Map.entry("Host", LOOPBACK + ":" + port),
            Map.entry("User-agent", "graceful-operator/test"),
            Map.entry("Accept", "*/*"),
            Map.entry("Connection", "close"));
  }

  @Test
  void redirectOnTheSameHostIsFollowed() {
    int port =
        http(
            exchange -> {
              boolean first = exchange.getRequestURI().getPath().equals("/");
              exchange.getResponseHeaders().add("Location", "/login?next=/");
              exchange.sendResponseHeaders(first ? 302 : 200, -1);
            });

    assertThat(ask(port, new HttpGet("/", false))).isEqualTo(new Passed());
  }

  @Test
  void whatRedirectLeadsToDecides() {
    int other = http(exchange -> exchange.sendResponseHeaders(404, -1));
    int port = http(redirect("http://" + LOOPBACK + ":" + other));

    assertThat(ask(port, new HttpGet("/", false)))
        .isEqualTo(failed("GET / on port " + port + " was redirected, and then answered 404"));
  }

  @Test
  void redirectToAnotherHostIsNotFollowedAndPasses() {
    int port = http(redirect("https://example.invalid/login"));

    assertThat(ask(port, new HttpGet("/", false))).isEqualTo(new Passed());
  }

  @Test
  void redirectsWithoutEndFail() {
    int port = http(redirect("/"));

    assertThat(ask(port, new HttpGet("/", false)))
        .isEqualTo(failed("GET / on port " + port + " was redirected 10 times"));
  }

  @Test
  void redirectToNowhereFails() {
    int port = http(redirect("/a b"));

    assertThat(ask(port, new HttpGet("/", false)))
        .isEqualTo(failed("GET / on port " + port + " was redirected to what is no URL"));
  }

  @Test
  void anEndlessBodyIsNotReadToItsEnd() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    open.add(() -> end.complete(null));
    int port =
        http(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write(new byte[64 * 1024]);
              exchange.getResponseBody().flush();
              end.join();
            });

    assertThat(ask(port, new HttpGet("/", false))).isEqualTo(new Passed());
  }

  @ParameterizedTest
  @ValueSource(strings = {LOOPBACK, "::1"})
  void refused(String address) throws IOException {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
      port = server.getLocalPort();
    }

    assertThat(ask(address, port, new HttpGet("/", false)))
        .isEqualTo(failed("GET / on port " + port + " was refused"));
    assertThat(ask(address, port, new TcpSocket()))
        .isEqualTo(failed("a connection on port " + port + " was refused"));
    assertThat(ask(address, port, new Grpc("")))
        .isEqualTo(failed("the gRPC health check on port " + port + " was refused"));
  }

  @Test
  void hangs() {
    int port = raw(socket -> {});

    String unanswered = " on port " + port + " got no answer within 1 s";
    assertThat(runner.ask(LOOPBACK, new ReadinessCheck(new HttpGet("/", false), port, 1)))
        .isEqualTo(failed("GET /" + unanswered));
    assertThat(runner.ask(LOOPBACK, new ReadinessCheck(new HttpGet("/", true), port, 1)))
        .isEqualTo(failed("HTTPS GET /" + unanswered));
    assertThat(runner.ask(LOOPBACK, new ReadinessCheck(new Grpc(""), port, 1)))
        .isEqualTo(failed("the gRPC health check" + unanswered));
  }

  @Test
  void bodyThatHangsFails() {
    int port = raw(socket -> answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno"));

    assertThat(runner.ask(LOOPBACK, new ReadinessCheck(new HttpGet("/", false), port, 1)))
        .isEqualTo(failed("GET / on port " + port + " got no answer within 1 s"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closedOrReset(boolean reset) {
    int port =
        raw(
            socket -> {
              if (reset) {
                socket.setSoLinger(true, 0);
              }
              socket.close();
            });

    String closed = " on port " + port + " was cut off before an answer";
    assertThat(ask(port, new HttpGet("/", false))).isEqualTo(failed("GET /" + closed));
    assertThat(ask(port, new HttpGet("/", true)))
        .as("depends on when it is seen")
        .isIn(
            failed("HTTPS GET /" + closed),
            failed("HTTPS GET / on port " + port + " failed in the TLS handshake"));
    assertThat(ask(port, new Grpc(""))).isEqualTo(failed("the gRPC health check" + closed));
  }

  @Test
  void noHttp() {
    int port = raw(socket -> answer(socket, "220 mail ESMTP\r\n\r\n"));

    assertThat(ask(port, new HttpGet("/", false)))
        .isEqualTo(failed("GET / on port " + port + " got an answer that is not HTTP"));
    assertThat(ask(port, new HttpGet("/", true)))
        .isEqualTo(failed("HTTPS GET / on port " + port + " failed in the TLS handshake"));
    assertThat(ask(port, new Grpc("")))
        .isEqualTo(
            failed("the gRPC health check on port " + port + " got an answer that is not HTTP/2"));
  }

  @Test
  void grpcAtAnHttp1Server() {
    int port = http(exchange -> exchange.sendResponseHeaders(200, -1));

    assertThat(ask(port, new Grpc("")))
        .isEqualTo(
            failed("the gRPC health check on port " + port + " got an answer that is not HTTP/2"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void httpsWithAnyCertificate(boolean http2Too) {
    var certificate = SelfSignedCertificate.create("another.invalid");
    open.add(certificate::delete);
    int port =
        vertx(
            new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(http2Too)
                .setKeyCertOptions(certificate.keyCertOptions()),
            LOOPBACK,
            request ->
                request
                    .response()
                    .setStatusCode(request.path().equals("/ready") ? 200 : 404)
                    .end());

    assertThat(ask(port, new HttpGet("/ready", true))).isEqualTo(new Passed());
    assertThat(ask(port, new HttpGet("/", true)))
        .isEqualTo(failed("HTTPS GET / on port " + port + " answered 404"));
  }

  @Test
  void tcpListenerPasses() {
    assertThat(ask(raw(socket -> {}), new TcpSocket())).isEqualTo(new Passed());
  }

  @Test
  void overIpv6() {
    Map<String, String> seen = new ConcurrentHashMap<>();
    int port =
        vertx(
            new HttpServerOptions(),
            "::1",
            request -> {
              seen.put("Host", request.getHeader("Host"));
              request.response().end();
            });
    int grpc = health("::1", serving(1));

    assertThat(ask("::1", port, new HttpGet("/", false))).isEqualTo(new Passed());
    assertThat(seen).containsEntry("Host", "[::1]:" + port);
    assertThat(ask("::1", port, new TcpSocket())).isEqualTo(new Passed());
    assertThat(ask("::1", grpc, new Grpc(""))).isEqualTo(new Passed());
  }

  @Test
  void whatIsNoAddressFails() {
    assertThat(ask("localhost", 80, new HttpGet("/", false))).isInstanceOf(Failed.class);
    assertThat(ask("localhost", 80, new TcpSocket())).isInstanceOf(Failed.class);
    assertThat(ask("localhost", 80, new Grpc(""))).isInstanceOf(Failed.class);
  }

  @Test
  void grpcServing() {
    // given
    Map<String, Object> seen = new ConcurrentHashMap<>();
    int port =
        health(
            LOOPBACK,
            request -> {
              seen.put("version", request.version());
              seen.put("method", request.method().name() + " " + request.path());
              for (String name : List.of("content-type", "te", "user-agent", "grpc-timeout")) {
                seen.put(name, request.getHeader(name));
              }
              request.body().onSuccess(body -> seen.put("body", body));
              serving(1).handle(request);
            });

    // when
    ReadinessAnswer answer = ask(port, new Grpc("shop.Cart"));

    // then
    assertThat(answer).isEqualTo(new Passed());
    assertThat(seen)
        .containsOnly(
            Map.entry("version", HttpVersion.HTTP_2),
            Map.entry("method", "POST /grpc.health.v1.Health/Check"),
            Map.entry("content-type", "application/grpc"),
            Map.entry("te", "trailers"),
            Map.entry("user-agent", "graceful-operator/test"),
            Map.entry("grpc-timeout", PATIENT_SECONDS + "S"),
            Map.entry(
                "body",
                Buffer.buffer(new byte[] {0, 0, 0, 0, 11, 10, 9}).appendString("shop.Cart")));
  }

  @ParameterizedTest
  @CsvSource({"0, UNKNOWN", "2, NOT_SERVING", "3, SERVICE_UNKNOWN"})
  void grpcNotServing(int status, String word) {
    int port = health(LOOPBACK, serving(status));

    assertThat(ask(port, new Grpc("")))
        .isEqualTo(failed("the gRPC health check on port " + port + " answered " + word));
  }

  @ParameterizedTest
  @CsvSource({
    "12, answered UNIMPLEMENTED: the server has no grpc.health.v1.Health",
    "5, answered NOT_FOUND: the server's health service has no such service",
    "14, answered UNAVAILABLE",
    "16, answered UNAUTHENTICATED",
    "17, got an answer that is not gRPC",
    "x, got an answer that is not gRPC",
  })
  void grpcOfTrailersAlone(String status, String words) {
    int port =
        health(LOOPBACK, request -> request.response().putHeader("grpc-status", status).end());

    assertThat(ask(port, new Grpc("")))
        .isEqualTo(failed("the gRPC health check on port " + port + " " + words));
  }

  @Test
  void http2WithoutGrpc() {
    int wordless = health(LOOPBACK, request -> request.response().end("ready"));
    int missing = health(LOOPBACK, request -> request.response().setStatusCode(404).end());
    int reset = health(LOOPBACK, request -> request.response().reset());

    String question = "the gRPC health check on port ";
    assertThat(ask(wordless, new Grpc("")))
        .isEqualTo(failed(question + wordless + " got an answer that is not gRPC"));
    assertThat(ask(missing, new Grpc("")))
        .isEqualTo(
            failed(question + missing + " answered with the HTTP status 404: no gRPC server"));
    assertThat(ask(reset, new Grpc("")))
        .isEqualTo(failed(question + reset + " was cut off before an answer"));
  }

  private static ReadinessAnswer ask(int port, Action action) {
    return ask(LOOPBACK, port, action);
  }

  private static ReadinessAnswer ask(String address, int port, Action action) {
    return runner.ask(address, new ReadinessCheck(action, port, PATIENT_SECONDS));
  }

  private static Failed failed(String why) {
    return new Failed(why);
  }

  private static Exchanges redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().add("Location", location);
      exchange.sendResponseHeaders(301, -1);
    };
  }

  /** A server of the JDK. */
  private int http(Exchanges keepAliveRequests) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              keepAliveRequests.answer(exchange);
            }
          });
      server.setExecutor(task -> Thread.ofVirtual().start(task));
      server.start();
      open.addLast(() -> server.stop(0));
      return server.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A listener that does with each connection as it is told. */
  private int raw(Connections connections) {
    try {
      var server = new ServerSocket(0, 50, InetAddress.ofLiteral(LOOPBACK));
      open.addLast(server);
      Thread.ofVirtual()
          .start(
              () -> {
                while (!server.isClosed()) {
                  try {
                    Socket socket = server.accept();
                    open.addLast(socket);
                    connections.answer(socket);
                  } catch (IOException e) {
                    // The client has gone, or the test is over.
                  }
                }
              });
      return server.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A server of cleartext HTTP/2. */
  private int health(String address, Handler<HttpServerRequest> handler) {
    return vertx(new HttpServerOptions(), address, handler);
  }

  private static Handler<HttpServerRequest> serving(int status) {
    byte[] message =
        status == 0 ? new byte[] {0, 0, 0, 0, 0} : new byte[] {0, 0, 0, 0, 2, 8, (byte) status};
    return request ->
        request
            .response()
            .putHeader("content-type", "application/grpc")
            .putTrailer("grpc-status", "0")
            .end(Buffer.buffer(message));
  }

  private int vertx(HttpServerOptions options, String address, Handler<HttpServerRequest> handler) {
    var server = await(vertx.createHttpServer(options).requestHandler(handler).listen(0, address));
    open.addLast(() -> await(server.close()));
    return server.actualPort();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private interface Exchanges {
    void answer(HttpExchange exchange) throws IOException;
  }

  private interface Connections {
    void answer(Socket socket) throws IOException;
  }
}
