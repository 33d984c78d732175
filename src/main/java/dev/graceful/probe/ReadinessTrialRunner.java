package dev.graceful.probe;

import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessAnswer.Failed;
import dev.graceful.facts.ReadinessAnswer.Passed;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.ReadinessCheck.Grpc;
import dev.graceful.facts.ReadinessCheck.HttpGet;
import dev.graceful.facts.ReadinessCheck.TcpSocket;
import dev.graceful.facts.ShownPath;
import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Obstacle;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.Caller;
import dev.graceful.http.ConnectFailure;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Server;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running pod once what a readiness probe would ask it, as the kubelet does (its {@code
 * pkg/probe}): what passes here passes there. HTTPS certificates are not checked; redirects are
 * followed on the same host, and pass when they lead to another one. HTTP is 1.1 only.
 */
public final class ReadinessTrialRunner {

  /** The kubelet's bound; what a server sends beyond it is not read. */
  private static final int MOST_BODY_BYTES = 10 * 1024;

  private static final int MOST_REQUESTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private static final String CUT_OFF = "was cut off before an answer";

  private final Vertx vertx;
  private final String userAgent;

  /**
   * Opens nothing until it is asked.
   *
   * @param version the operator's, for the servers' logs
   */
  public ReadinessTrialRunner(Vertx vertx, String version) {
    this.vertx = vertx;
    this.userAgent = "graceful-operator/" + version;
  }

  /**
   * Asks, and waits for the answer as long as the check says: to be called on a virtual thread, and
   * never on an event loop. Leaves no connection behind.
   *
   * @param address the pod's IP address: nothing is looked up
   * @return never null; whatever goes wrong is a failure
   */
  public ReadinessAnswer ask(String address, ReadinessCheck check) {
    String question =
        switch (check.action()) {
          case HttpGet get -> (get.tls() ? "HTTPS GET " : "GET ") + ShownPath.of(get.path());
          case TcpSocket tcp -> "a connection";
          case Grpc grpc -> "the gRPC health check";
        };
    String answer;
    try {
      answer = answer(address, check);
    } catch (RuntimeException e) {
      answer = "could not be asked: " + e.getMessage();
    }
    return answer.isEmpty()
        ? new Passed()
        : new Failed(question + " on port " + check.port() + " " + answer);
  }

  /** The end of a sentence; empty: it passed. */
  private String answer(String address, ReadinessCheck check) {
    return switch (check.action()) {
      case TcpSocket tcp -> connect(address, check);
      case HttpGet get ->
          exchange(
              check,
              new HttpClientOptions().setKeepAlive(false).setTrustAll(true).setVerifyHost(false),
              client -> get(client, address, uri(address, check.port(), get), 1));
      case Grpc grpc ->
          exchange(
              check,
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false),
              client -> GrpcTrial.answer(client, to(address, check.port()), check, grpc));
    };
  }

  private String connect(String address, ReadinessCheck check) {
    var server = new Server(address, check.port(), false);
    var caller = new Caller(userAgent, System::nanoTime);
    return switch (HttpConnection.open(server, timeout(check), caller)) {
      case Open it -> {
        it.connection().close();
        yield "";
      }
      case NotOpen it -> notOpen(it.obstacle(), check);
    };
  }

  /** A client of its own for each, so that nothing is kept open. */
  private String exchange(
      ReadinessCheck check,
      HttpClientOptions options,
      Function<HttpClient, Future<String>> question) {
    HttpClient client =
        vertx
            .httpClientBuilder()
            .with(options.setConnectTimeout((int) timeout(check).toMillis()))
            // The caller gets each failure; other people's servers do not fill our log.
            .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
            .build();
    var answer = new CompletableFuture<String>();
    // On one event loop: a short answer would be over before another thread had its handlers set.
    vertx
        .getOrCreateContext()
        .runOnContext(
            on ->
                Future.succeededFuture(client)
                    .compose(question)
                    .onComplete(answer::complete, answer::completeExceptionally));
    try {
      return answer.get(check.timeoutSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return noAnswer(check);
    } catch (ExecutionException e) {
      return failure(e.getCause(), check);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "was given up: the operator is stopping";
    } finally {
      client.close();
    }
  }

  private Future<String> get(HttpClient client, String address, URI uri, int requests) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    RequestOptions options =
        to(address, port)
            .setSsl(tls)
            .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
            .putHeader(HttpHeaders.ACCEPT, "*/*");
    return client
        .request(options)
        .compose(request -> request.send())
        .compose(
            response -> {
              String location = response.getHeader(HttpHeaders.LOCATION);
              if (!REDIRECTS.contains(response.statusCode())
                  || location == null
                  || location.isEmpty()) {
                return status(response, requests);
              }
              URI next;
              try {
                next = uri.resolve(location);
              } catch (IllegalArgumentException e) {
                return Future.succeededFuture("was redirected to what is no URL");
              }
              if (!uri.getHost().equals(next.getHost())) {
                return status(response, requests);
              }
              return requests == MOST_REQUESTS
                  ? Future.succeededFuture("was redirected " + MOST_REQUESTS + " times")
                  : get(client, address, next, requests + 1);
            });
  }

  private static Future<String> status(HttpClientResponse response, int requests) {
    int status = response.statusCode();
    String answered = (requests == 1 ? "answered " : "was redirected, and then answered ") + status;
    return read(response).map(body -> status >= 200 && status < 400 ? "" : answered);
  }

  private RequestOptions to(String address, int port) {
    return new RequestOptions()
        .setServer(
            SocketAddress.inetSocketAddress(
                new InetSocketAddress(InetAddress.ofLiteral(address), port)))
        .setHost(inUri(address))
        .setPort(port)
        .putHeader(HttpHeaders.USER_AGENT, userAgent);
  }

  private static URI uri(String address, int port, HttpGet get) {
    return URI.create(
        (get.tls() ? "https://" : "http://") + inUri(address) + ":" + port + get.path());
  }

  private static String inUri(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }

  /** The body up to its end or to the bound, whichever comes first. */
  static Future<Buffer> read(HttpClientResponse response) {
    Promise<Buffer> read = Promise.promise();
    Buffer body = Buffer.buffer();
    response
        .exceptionHandler(read::tryFail)
        .endHandler(end -> read.tryComplete(body))
        .handler(
            part -> {
              body.appendBuffer(part, 0, Math.min(part.length(), MOST_BODY_BYTES - body.length()));
              if (body.length() == MOST_BODY_BYTES) {
                response.pause();
                read.tryComplete(body);
              }
            });
    return read.future();
  }

  private static String failure(@Nullable Throwable cause, ReadinessCheck check) {
    return switch (cause) {
      case ConnectException e -> notOpen(ConnectFailure.connecting(e), check);
      case NoRouteToHostException e -> notOpen(ConnectFailure.connecting(e), check);
      case SSLException e -> "failed in the TLS handshake";
      // Closed, or its stream reset.
      case VertxException e -> CUT_OFF;
      case IOException e -> CUT_OFF;
      case null, default ->
          "got an answer that is not " + (check.action() instanceof Grpc ? "HTTP/2" : "HTTP");
    };
  }

  private static String notOpen(Obstacle obstacle, ReadinessCheck check) {
    return switch (obstacle) {
      case Refused -> "was refused";
      case Reset -> CUT_OFF;
      case TimedOut -> noAnswer(check);
      case Unreachable -> "found no way to the pod";
    };
  }

  private static String noAnswer(ReadinessCheck check) {
    return "got no answer within " + check.timeoutSeconds() + " s";
  }

  private static Duration timeout(ReadinessCheck check) {
    return Duration.ofSeconds(check.timeoutSeconds());
  }
}
