package dev.graceful.http;

import static dev.graceful.http.ScriptedServer.LOOPBACK;
import static dev.graceful.http.ScriptedServer.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Obstacle;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection.Quiet;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.End;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectionTest {

  /** Long enough for any machine that answers at all. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Caller CALLER = new Caller("graceful-operator/test", System::nanoTime);

  private static final Duration IMPATIENT = Duration.ofMillis(100);

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void asksLikeAClient() throws Exception {
    // given
    ScriptedServer server = opened.plain(ScriptedServer::serve);
    HttpConnection connection = connect(server);

    // when
    Reply first = get(connection);
    Reply last = connection.get("ä b/?q=\r\nX: y", true, patient());

    // then
    assertThat(first).isInstanceOf(Answer.class);
    assertThat(last).isInstanceOf(Answer.class);
    String host = "Host: 127.0.0.1:" + server.port() + "\r\n";
    assertThat(server.heads())
        .containsExactly(
            "GET /ready HTTP/1.1\r\n"
                + host
                + "User-Agent: graceful-operator/test\r\nAccept: */*\r\n\r\n",
            "GET /%C3%A4%20b/?q=%0D%0AX:%20y HTTP/1.1\r\n"
                + host
                + "User-Agent: graceful-operator/test\r\nAccept: */*\r\nConnection: close\r\n\r\n");
  }

  @Test
  void headersOfTheServersOwnTakeThePlaceOfTheUsualOnes() throws Exception {
    // given
    ScriptedServer server = opened.plain(ScriptedServer::serve);
    var headers =
        List.of(
            new HeaderLine("host", "shop.example"),
            new HeaderLine("X-Token", "s3cret"),
            new HeaderLine("Accept", ""));
    var known = new Server(ScriptedServer.LOOPBACK, server.port(), false, headers);

    // when
    try (HttpConnection connection =
        ((Open) HttpConnection.open(known, PATIENT, CALLER)).connection()) {
      get(connection);
    }

    // then
    assertThat(server.heads())
        .containsExactly(
            String.join(
                "\r\n",
                "GET /ready HTTP/1.1",
                "User-Agent: graceful-operator/test",
                "host: shop.example",
                "X-Token: s3cret",
                "Accept: ",
                "",
                ""));
    assertThat(known.toString()).contains("X-Token").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\u0000b", "a\u007f"})
  void aHeaderThatIsMoreThanALineIsNotMade(String text) {
    assertThatThrownBy(() -> new HeaderLine("X", text))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HeaderLine(text, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the answer | status, closing, reusable
        "HTTP/1.1 200 OK~Content-Length: 2~~ok | 200 | false | true",
        "HTTP/1.1 200 ~content-length:0~~ | 200 | false | true",
        "HTTP/1.1 404~Content-Length: 0~~ | 404 | false | true",
        "HTTP/1.1 503 No~Content-Length: 0~~ | 503 | false | true",
        "HTTP/1.1 204 No Content~~ | 204 | false | true",
        "HTTP/1.1 304 Not Modified~Content-Length: 5~~ | 304 | false | true",
        "HTTP/1.1 100 Continue~~HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~Content-Length: 0~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;a=b~ok~A~0123456789~0~Trailer: x~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Connection: close~Content-Length: 0~~ | 200 | true | false",
        "HTTP/1.1 200 OK~Connection: Upgrade, Close~Content-Length: 0~~ | 200 | true | false",
        "HTTP/1.1 101 Switching Protocols~Upgrade: x~~ | 101 | true | false",
        "HTTP/1.0 200 OK~Content-Length: 0~~ | 200 | true | false",
        "HTTP/1.0 200 OK~Connection: keep-alive~Content-Length: 0~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Content-Length: 65537~~ | 200 | false | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~10001~ | 200 | false | false",
      })
  void wholeAnswers(String answer, int status, boolean closing, boolean reusable) throws Exception {
    ScriptedServer server = answering(answer.replace("~", "\r\n"));

    Reply reply = get(connect(server));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Answer.class,
            it -> {
              assertThat(it.status()).isEqualTo(status);
              assertThat(it.closing()).isEqualTo(closing);
              assertThat(it.reusable()).isEqualTo(reusable);
              assertThat(it.proxy()).isNull();
              assertThat(it.endedNanos() - it.sentNanos()).isNotNegative();
            });
  }

  @Test
  void oneAnswerAfterTheOther() throws Exception {
    HttpConnection connection = connect(opened.plain(ScriptedServer::serve));

    for (int i = 0; i < 3; i++) {
      assertThat(get(connection)).isInstanceOf(Answer.class);
    }
  }

  @Test
  void answerByteByByte() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              for (int i = 0; i < OK.length(); i++) {
                ScriptedServer.write(socket, OK.substring(i, i + 1));
                Thread.sleep(1);
              }
            });

    assertThat(get(connect(server), new Patience(far(), () -> false, 1)))
        .isInstanceOf(Answer.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\nok", "HTTP/1.0 200 OK\r\n\r\n"})
  void bodyThatTheEndOfTheConnectionEnds(String answer) throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, answer);
              socket.close();
            });

    assertThat(get(connect(server)))
        .isInstanceOfSatisfying(
            Answer.class,
            it -> {
              assertThat(it.closing()).isTrue();
              assertThat(it.reusable()).isFalse();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "220 mail ESMTP\r\n",
        "HTTP/2 200\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000\n"
      })
  void noHttp(String answer) throws Exception {
    assertThat(get(connect(answering(answer)))).isEqualTo(new NotHttp());
  }

  /** Where standards and servers differ, and where decoders do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the answer | status, closing, reusable
        "HTTP/1.1 200 All right, é ~Content-Length: 0~~ | 200 | false | true",
        "HTTP/1.1 599~Content-Length: 0~~ | 599 | false | true",
        "HTTP/1.1 204~Content-Length: 70000~Transfer-Encoding: chunked~~ | 204 | false | true",
        "HTTP/1.1 205 Reset Content~Content-Length: 0~~ | 205 | false | true",
        "HTTP/1.1 103~Content-Length: 5~Connection: close~~HTTP/1.1 204~~ | 204 | false | true",
        "HTTP/1.1 101 Switching Protocols~Upgrade: websocket~Connection: Upgrade~~x | 101 | true | false",
        "HTTP/1.1 200 OK~Upgrade: h2c~Connection: upgrade~Content-Length: 2~~ok | 200 | false | true",
        "HTTP/1.1 200 OK~Connection: close, keep-alive~Content-Length: 0~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Connection: keep-alive~CONNECTION: close~Content-Length: 0~~ | 200 | true | false",
        "HTTP/1.1 200 OK~Content-Length: 9~Content-Length: 2~~ok | 200 | false | true",
        "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~ok | 200 | false | true",
        "HTTP/1.1 200 OK~Content-Length: +2~~ok | 200 | false | true",
        "HTTP/1.1 200 OK~Content-Length: 9~transfer-encoding: Chunked~~0~~ | 200 | false | true",
        "HTTP/1.0 200 OK~Transfer-Encoding: chunked~~2~ok~0~~ | 200 | true | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~0~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked, gzip~Content-Length: 2~~ok | 200 | false | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~002 ;a=b~ok~0;c~A: 1~b c~: d~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~ffff~o | 200 | false | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~FFFFFFFF~ | 200 | false | false",
        "HTTP/1.1 200 OK~A b: c~d : e~fä\u0001: x\u0002y~g:~Content-Length: 0~~ | 200 | false | true",
        "HTTP/1.1 200 OK~Content-Length: 0~~HTTP/1.1 200 OK~ | 200 | false | true",
      })
  void oddAnswers(String answer, int status, boolean closing, boolean reusable) throws Exception {
    wholeAnswers(answer, status, closing, reusable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nA: LONG\r\nContent-Length: 0\r\n\r\n",
      })
  void lineFeedsAloneAndLongHeaders(String answer) throws Exception {
    assertThat(get(connect(answering(answer.replace("LONG", "x".repeat(16_000))))))
        .isInstanceOf(Answer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        " HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nheader\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n000000001\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: LONG\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
      })
  void oddAnswersThatAreNoHttp(String answer) throws Exception {
    assertThat(get(connect(answering(answer.replace("LONG", "x".repeat(17_000))))))
        .isEqualTo(new NotHttp());
  }

  @Test
  void noLineOfHttpAtAll() throws Exception {
    assertThat(get(connect(answering("\u0000\u0000\u0012\u0004")), soon()))
        .isInstanceOf(NoAnswer.class);
    assertThat(get(connect(answering("\u0000".repeat(17_000))))).isEqualTo(new NotHttp());
  }

  @Test
  void whatFollowsAnAnswerIsReadAsTheNextOne() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, OK + "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n");
              it.read(socket);
              ScriptedServer.write(socket, "\r\nno");
            });
    HttpConnection connection = connect(server);

    assertThat(get(connection)).isInstanceOf(Answer.class);
    assertThat(connection.stayQuiet(soon())).isEqualTo(Quiet.Closed);
    assertThat(get(connection))
        .isInstanceOfSatisfying(Answer.class, it -> assertThat(it.status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(ints = {60_000, 70_000})
  void bodyWithoutLength(int bytes) throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(bytes));
              if (bytes < ResponseReader.MOST_BODY_BYTES) {
                socket.close();
              }
            });

    assertThat(get(connect(server)))
        .isInstanceOfSatisfying(Answer.class, it -> assertThat(it.closing()).isTrue());
  }

  @Test
  void allBuffersAreReturned() throws Exception {
    // given
    ByteBufAllocatorMetric buffers = UnpooledByteBufAllocator.DEFAULT.metric();
    long before = buffers.usedHeapMemory();

    // when connections end in all kinds of ways
    for (String answer :
        List.of(
            OK,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nA: " + "x".repeat(15_000),
            "220 mail ESMTP\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")) {
      HttpConnection connection = connect(answering(answer));
      get(connection, soon());
      connection.close();
      connection.close();
    }

    // then none is left; other tests' connections may still end
    await().until(() -> buffers.usedHeapMemory() <= before);
  }

  /** What surrounds a body is bounded too, in bytes and not only in time. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interim heads | '' | HTTP/1.1 103 Early Hints~~",
        "trailers | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~ | X: y~",
        "lines of chunks | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ | 1;an-extension=of-some-length~a~",
      })
  void answerWithoutEnd(String what, String begin, String again) throws Exception {
    var sent = new AtomicLong();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, begin.replace("~", "\r\n"));
              String line = again.replace("~", "\r\n");
              while (!socket.isClosed()) {
                ScriptedServer.write(socket, line);
                sent.addAndGet(line.length());
              }
            });

    Reply reply = get(connect(server));

    assertThat(reply).as(what).isEqualTo(new NotHttp());
    // What the kernels' buffers hold was sent too.
    assertThat(sent.get()).as(what).isLessThan(16L * 1024 * 1024);
  }

  @Test
  void endlessHead() throws Exception {
    assertThat(get(connect(answering("HTTP/1.1 200 " + "x".repeat(20_000)))))
        .isEqualTo(new NotHttp());
    assertThat(
            get(
                connect(
                    answering(
                        "HTTP/1.1 200 OK\r\n" + ("A: " + "x".repeat(1000) + "\r\n").repeat(100)))))
        .isEqualTo(new NotHttp());
  }

  @Test
  void finAfterTheServerReadTheRequest() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              socket.close();
            });

    assertEnded(get(connect(server)), End.Closed);
  }

  @Test
  void endBeforeTheServerReadTheRequest() throws Exception {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (socket.getInputStream().available() == 0) {
                Thread.sleep(1);
              }
              // The kernel resets what is closed with bytes unread.
              socket.close();
              sent.complete(null);
            });

    assertEnded(get(connect(server)), End.Reset);
    sent.join();
  }

  @Test
  void requestThatCrossesTheEnd() throws Exception {
    // given a connection that the server has ended
    CompletableFuture<Void> closed = new CompletableFuture<>();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              socket.close();
              closed.complete(null);
            });
    HttpConnection connection = connect(server);
    closed.join();

    // when
    Reply reply = get(connection);

    // then
    assertEnded(reply, End.Reset);
  }

  @Test
  void resetAfterTheServerReadTheRequest() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.reset(socket);
            });

    assertEnded(get(connect(server)), End.Reset);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "H | false",
        "HTTP/1.1 200 OK~Content-Le | true",
        "HTTP/1.1 200 OK~Content-Length: 3~~ok | false",
        "HTTP/1.1 200 OK~Content-Length: 3~~ok | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~ | false",
        "HTTP/1.1 100 Continue~~ | false",
      })
  void endInTheMiddleOfTheAnswer(String answer, boolean reset) throws Exception {
    CompletableFuture<Void> read = new CompletableFuture<>();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, answer.replace("~", "\r\n"));
              // A reset overtakes what the client has not read yet.
              read.join();
              if (reset) {
                ScriptedServer.reset(socket);
              } else {
                socket.close();
              }
            });
    HttpConnection connection = connect(server);

    Reply reply =
        get(
            connection,
            new Patience(
                far(),
                () -> {
                  if (!server.heads().isEmpty()) {
                    read.complete(null);
                  }
                  return false;
                },
                50));

    assertEnded(reply, End.InAnswer);
  }

  @Test
  void noAnswerInTime() throws Exception {
    ScriptedServer silent = opened.plain(ScriptedServer::read);
    ScriptedServer half = answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok");

    assertThat(get(connect(silent), soon())).isInstanceOf(NoAnswer.class);
    assertThat(get(connect(half), soon())).isInstanceOf(NoAnswer.class);
  }

  @Test
  void letGo() throws Exception {
    // given
    AtomicBoolean fin = new AtomicBoolean();
    AtomicBoolean letGo = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              letGo.set(true);
              fin.set(!it.read(socket));
            });
    HttpConnection connection = connect(server);

    // when
    Reply reply = get(connection, new Patience(far(), letGo::get, 5));
    connection.close();

    // then it was ended without a reset
    assertThat(reply).isInstanceOf(NoAnswer.class);
    await().untilTrue(fin);
  }

  @Test
  void quiet() throws Exception {
    // given
    ScriptedServer server = opened.plain(ScriptedServer::serve);
    HttpConnection connection = connect(server);

    // then it can be used after each silence, until it ends
    assertThat(connection.stayQuiet(soon())).isEqualTo(Quiet.Kept);
    assertThat(get(connection)).isInstanceOf(Answer.class);
    assertThat(connection.stayQuiet(new Patience(far(), () -> true, 5))).isEqualTo(Quiet.Kept);
    assertThat(get(connection)).isInstanceOf(Answer.class);
    server.sockets().getFirst().close();
    assertThat(connection.stayQuiet(patient())).isEqualTo(Quiet.Closed);
  }

  @Test
  void anEndIsSeenAlsoWhenTheTimeIsOver() throws Exception {
    // given a server that ends the connection with its answer
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, OK);
              socket.close();
            });
    HttpConnection closed = connect(server);
    assertThat(get(closed)).isInstanceOf(Answer.class);
    await().until(() -> server.sockets().getFirst().isClosed());
    HttpConnection kept = connect(opened.plain(ScriptedServer::serve));
    assertThat(get(kept)).isInstanceOf(Answer.class);

    // when
    Patience over = Patience.until(System.nanoTime());

    // then
    assertThat(closed.stayQuiet(over)).isEqualTo(Quiet.Closed);
    assertThat(kept.stayQuiet(over)).isEqualTo(Quiet.Kept);
    assertThat(get(kept)).isInstanceOf(Answer.class);
  }

  @Test
  void quietThatEndsWithResetOrWords() throws Exception {
    CompletableFuture<Void> connected = new CompletableFuture<>();
    ScriptedServer resetting =
        opened.plain(
            (it, socket) -> {
              connected.join();
              ScriptedServer.reset(socket);
            });
    HttpConnection connection = connect(resetting);
    connected.complete(null);
    assertThat(connection.stayQuiet(patient())).isEqualTo(Quiet.Closed);
    ScriptedServer talking =
        opened.plain(
            (it, socket) -> ScriptedServer.write(socket, "HTTP/1.1 408 Request Timeout\r\n\r\n"));
    assertThat(connect(talking).stayQuiet(patient())).isEqualTo(Quiet.Closed);
  }

  @ParameterizedTest
  @CsvSource({
    "Server, envoy, envoy",
    "server, istio-envoy, istio-envoy",
    "Server, Linkerd/2, linkerd",
    "Via, 1.1 gateway, 1.1 gateway",
    "x-envoy-upstream-service-time, 3, envoy",
    "l5d-proxy-connection, close, linkerd",
    "Server, nginx, ",
    "X-Powered-By, Express, ",
  })
  void proxies(String name, String value, String proxy) throws Exception {
    ScriptedServer server =
        answering("HTTP/1.1 200 OK\r\n" + name + ": " + value + "\r\nContent-Length: 0\r\n\r\n");

    assertThat(get(connect(server)))
        .isInstanceOfSatisfying(Answer.class, it -> assertThat(it.proxy()).isEqualTo(proxy));
  }

  @Test
  void refused() throws IOException {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      port = server.getLocalPort();
    }

    for (boolean tls : new boolean[] {false, true}) {
      assertThat(attempt(new Server(LOOPBACK, port, tls))).isEqualTo(new NotOpen(Obstacle.Refused));
    }
  }

  @Test
  void whatIsNoAddressIsUnreachable() {
    assertThat(attempt(new Server("localhost", 80, false)))
        .isEqualTo(new NotOpen(Obstacle.Unreachable));
  }

  @Test
  void overIpv6() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      Attempt attempt = attempt(new Server("::1", listener.getLocalPort(), false));

      assertThat(attempt).isInstanceOf(Open.class);
    }
  }

  @Test
  void overTls() throws Exception {
    // given
    AtomicBoolean fin = new AtomicBoolean();
    ScriptedServer server =
        opened.tls(
            (it, socket) -> {
              it.serve(socket);
              fin.set(true);
            });
    HttpConnection connection = connect(server);

    // then silences in between do no harm, and the end is a FIN
    for (int i = 0; i < 3; i++) {
      assertThat(get(connection)).isInstanceOf(Answer.class);
      assertThat(connection.stayQuiet(new Patience(in(IMPATIENT), () -> false, 5)))
          .isEqualTo(Quiet.Kept);
    }
    connection.close();
    await().untilTrue(fin);
  }

  @Test
  void tlsHandshakeAloneEndsWithFin() throws Exception {
    AtomicBoolean fin = new AtomicBoolean();
    ScriptedServer server = opened.tls((it, socket) -> fin.set(!it.read(socket)));

    connect(server).close();

    await().untilTrue(fin);
  }

  @Test
  void endsOverTls() throws Exception {
    ScriptedServer quiet =
        opened.tls(
            (it, socket) -> {
              ((SSLSocket) socket).startHandshake();
              socket.close();
            });
    ScriptedServer cut =
        opened.tls(
            (it, socket) -> {
              it.read(socket);
              socket.close();
            });
    ScriptedServer half =
        opened.tls(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, "HTTP/1.1 200 OK\r\n");
              socket.close();
            });

    assertThat(connect(quiet).stayQuiet(patient())).isEqualTo(Quiet.Closed);
    assertEnded(get(connect(cut)), End.Closed);
    assertEnded(get(connect(half)), End.InAnswer);
  }

  @Test
  void handshakesThatFail() throws Exception {
    ScriptedServer fin =
        opened.plain(
            (it, socket) -> {
              socket.getInputStream().readNBytes(300);
              socket.shutdownOutput();
            });
    ScriptedServer reset = opened.plain((it, socket) -> ScriptedServer.reset(socket));
    ScriptedServer silent = opened.plain((it, socket) -> {});
    ScriptedServer garbage =
        opened.plain(
            (it, socket) -> ScriptedServer.write(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"));

    assertThat(attempt(new Server(LOOPBACK, fin.port(), true)))
        .isEqualTo(new NotOpen(Obstacle.Reset));
    assertThat(attempt(new Server(LOOPBACK, reset.port(), true)))
        .isEqualTo(new NotOpen(Obstacle.Reset));
    assertThat(HttpConnection.open(new Server(LOOPBACK, silent.port(), true), IMPATIENT, CALLER))
        .isEqualTo(new NotOpen(Obstacle.TimedOut));
    assertThat(attempt(new Server(LOOPBACK, garbage.port(), true)))
        .isEqualTo(new NotOpen(Obstacle.Unreachable));
  }

  private static void assertEnded(Reply reply, End end) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            Ended.class,
            it -> {
              assertThat(it.end()).isEqualTo(end);
              assertThat(it.outNanos() - it.sentNanos()).isNotNegative();
              assertThat(it.heardNanos() - it.outNanos()).isNotNegative();
            });
  }

  private static Reply get(HttpConnection connection) {
    return get(connection, patient());
  }

  private static Reply get(HttpConnection connection, Patience patience) {
    return connection.get("/ready", false, patience);
  }

  private static Patience patient() {
    return Patience.until(far());
  }

  private static Patience soon() {
    return Patience.until(in(IMPATIENT));
  }

  private static long far() {
    return in(PATIENT);
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private static Attempt attempt(Server server) {
    return HttpConnection.open(server, PATIENT, CALLER);
  }

  private HttpConnection connect(ScriptedServer server) {
    Attempt attempt = attempt(new Server(LOOPBACK, server.port(), server.isTls()));
    assertThat(attempt).isInstanceOf(Open.class);
    return opened.client(((Open) attempt).connection());
  }

  private ScriptedServer answering(String answer) throws IOException {
    return opened.plain(
        (it, socket) -> {
          it.read(socket);
          ScriptedServer.write(socket, answer);
        });
  }
}
