package dev.graceful.probe;

import static dev.graceful.http.ScriptedServer.LOOPBACK;
import static dev.graceful.http.ScriptedServer.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.evidence.RequestFate;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.http.Opened;
import dev.graceful.http.ScriptedServer;
import dev.graceful.http.ScriptedServer.Script;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.Ending;
import dev.graceful.judge.IdleConnection;
import dev.graceful.judge.Judge;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Ports;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Verdict;
import dev.graceful.judge.Verification;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe and what remembers what it sees, against real listeners. */
class ProbeTest {

  private static final String PATH = "/ready";
  private static final int GRACE_SECONDS = 30;
  private static final int PROPAGATION_SECONDS = 5;

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void connectionsAloneComeOneAtATimeAndSayNothing() throws Exception {
    // given a server that counts who is connected
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              try (socket) {
                it.read(socket);
              } finally {
                now.decrementAndGet();
              }
            });
    OneTermination termination = termination(server, null, 0);
    termination.ready();
    await().until(() -> server.sockets().size() == 1);

    // when it is ended, leaves, stops listening, and exits
    termination.deleted();
    await().until(() -> server.sockets().size() > 5);
    server.closeListener();
    await().until(() -> termination.refusedInARow() >= 2);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(server.heads()).isEmpty();
    assertThat(timeline.verification()).isEqualTo(Verification.Reached);
    assertThat(timeline.connectionAttempts().getFirst().outcome())
        .isEqualTo(ConnectOutcome.Accepted);
    assertThat(timeline.connectionAttempts().getLast().outcome()).isEqualTo(ConnectOutcome.Refused);
    assertThat(timeline.keepAliveRequests()).isEmpty();
    assertThat(timeline.idleConnection()).isNull();
    assertThat(timeline.ending())
        .extracting(Ending::exit)
        .isEqualTo(new Exit(0, "Completed", null));
    // A connection may be accepted before the end of the one before is seen.
    assertThat(most.get()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverThatAnswersToTheEnd(boolean tls) throws Exception {
    // given
    var left = new AtomicInteger();
    Script script =
        (it, socket) -> {
          while (it.read(socket)) {
            Thread.sleep(20);
            ScriptedServer.write(socket, OK);
          }
          left.incrementAndGet();
        };
    ScriptedServer server = tls ? opened.tls(script) : opened.plain(script);
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();
    assertThat(server.heads()).hasSize(2);

    // when
    termination.deleted();

    // then all let go of it though it does not end
    await()
        .until(() -> server.heads().stream().filter(ProbeTest::isKeptAlive).count() >= 2 + 3 + 1);
    await().until(() -> server.sockets().size() > 10 && left.get() >= server.sockets().size() - 1);
    server.closeListener();
    await().until(() -> termination.refusedInARow() >= 2);
    Timeline timeline = termination.exited(0);
    assertThat(timeline.connectionAttempts().getFirst().outcome())
        .isEqualTo(ConnectOutcome.Answered);
    long sigterm = Objects.requireNonNull(timeline.sigterm()).latestMillis();
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .contains(RequestFate.Answered)
        .isSubsetOf(RequestFate.Answered, RequestFate.LetGo);
    assertThat(timeline.keepAliveRequests())
        .anyMatch(e -> e.isAnswered() && e.endedMillis() >= sigterm)
        .hasSizeLessThanOrEqualTo(75);
    assertThat(timeline.idleConnection())
        .isNotNull()
        .extracting(IdleConnection::closedMillis)
        .isNull();
  }

  @Test
  void serverThatDiesWithRequestsInIt() throws Exception {
    // given
    var dead = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                for (int i = 0; i < 5 && !dead.get(); i++) {
                  Thread.sleep(5);
                }
                if (dead.get()) {
                  socket.close();
                  return;
                }
                ScriptedServer.write(socket, OK);
              }
            });
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();

    // when
    termination.deleted();
    await().until(() -> server.heads().stream().filter(ProbeTest::isKeptAlive).count() >= 5);
    dead.set(true);
    server.closeListener();
    for (Socket socket : server.sockets()) {
      socket.close();
    }
    await().until(() -> termination.refusedInARow() >= 2);
    Timeline timeline = termination.exited(143);

    // then
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .contains(RequestFate.Answered)
        .containsAnyOf(RequestFate.Cut, RequestFate.ClosedIdle)
        .isSubsetOf(
            RequestFate.Answered, RequestFate.Cut, RequestFate.ClosedIdle, RequestFate.Reset);
    assertThat(timeline.idleConnection())
        .isNotNull()
        .extracting(IdleConnection::closedMillis)
        .isNotNull();
  }

  @Test
  void serverThatAnnouncesTheEndOfItsConnections() throws Exception {
    // given
    var draining = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                boolean last = draining.get();
                ScriptedServer.write(
                    socket, last ? OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") : OK);
                if (last) {
                  socket.close();
                }
              }
            });
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();

    // when
    draining.set(true);
    termination.deleted();
    await()
        .until(() -> server.heads().stream().filter(ProbeTest::isKeptAlive).count() >= 2 + 3 + 1);
    await().until(() -> server.sockets().size() > 10);
    Timeline timeline = termination.exited(0);

    // then each has had its answer, and none came again
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .containsExactly(
            RequestFate.AnsweredClosing, RequestFate.AnsweredClosing, RequestFate.AnsweredClosing);
    assertThat(timeline.idleConnection())
        .isNotNull()
        .satisfies(it -> assertThat(it.announced()).isTrue());
  }

  @Test
  void afterTheFirstErrorOfItsReadinessNothingIsAsked() throws Exception {
    // given
    var draining = new AtomicBoolean();
    ScriptedServer server = answering(() -> draining.get() ? "503 Draining" : "200 OK");
    // with so long a hook that only the lagging client is there
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    draining.set(true);
    termination.deleted();
    await().until(() -> server.sockets().size() > 8);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(server.heads()).hasSize(2 + 1);
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .startsWith(ConnectOutcome.ServerError, ConnectOutcome.Accepted)
        .containsOnlyOnce(ConnectOutcome.ServerError);
  }

  @Test
  void aWorseStatusThanTheUsualOneIsToldAndAskedForAgain() throws Exception {
    // given a server whose routes are gone once it drains
    var draining = new AtomicBoolean();
    ScriptedServer server = answering(() -> draining.get() ? "404 Not Found" : "200 OK");
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    draining.set(true);
    termination.deleted();
    await().until(() -> server.sockets().size() > 8);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .startsWith(ConnectOutcome.ClientError, ConnectOutcome.ClientError)
        .doesNotContain(ConnectOutcome.Answered, ConnectOutcome.Accepted);
  }

  @Test
  void aStatusThatWasAlwaysSoIsAsGoodAsEver() throws Exception {
    // given
    ScriptedServer server = answering(() -> "401 Unauthorized");
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    termination.deleted();
    await().until(() -> server.sockets().size() > 8);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .containsOnly(ConnectOutcome.Answered);
  }

  /** A server that keeps its connections, and answers with the status that is given at the time. */
  private ScriptedServer answering(Supplier<String> status) throws IOException {
    return opened.plain(
        (it, socket) -> {
          while (it.read(socket)) {
            ScriptedServer.write(socket, OK.replace("200 OK", status.get()));
          }
        });
  }

  @Test
  void lettingConnectionsDownIsTold() throws Exception {
    // given a server that takes connections and drops them once it drains
    var draining = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              if (draining.get()) {
                socket.close();
              } else {
                it.serve(socket);
              }
            });
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    draining.set(true);
    termination.deleted();
    await().until(() -> termination.refusedInARow() >= 2);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .containsOnly(ConnectOutcome.Reset);
  }

  @Test
  void whereASecondConnectionIsNotServedNoneIsKept() throws Exception {
    // given
    var busy = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              if (!busy.compareAndSet(false, true)) {
                socket.close();
                return;
              }
              try (socket) {
                it.serve(socket);
              } finally {
                busy.set(false);
              }
            });
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();
    assertThat(server.sockets()).hasSize(2);
    await().untilFalse(busy);

    // when
    termination.deleted();
    termination.taken();
    await().until(() -> server.sockets().size() > 8);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(server.heads().stream().filter(ProbeTest::isKeptAlive)).hasSize(1);
    assertThat(timeline.keepAliveRequests()).isEmpty();
    assertThat(timeline.idleConnection()).isNull();
  }

  /** Report r06: the port of the readiness probe answers on, the other one refuses at once. */
  @Test
  void aManagementPortStaysOpenR06() throws Exception {
    // given
    ScriptedServer management = opened.plain(ScriptedServer::serve);
    ScriptedServer main = opened.plain(ScriptedServer::serve);
    OneTermination termination = termination(management, PATH, 0, main.port());
    termination.ready();
    await().until(() -> main.sockets().size() == 1);

    // when
    main.closeListener();
    termination.deleted();
    await().until(() -> management.sockets().size() > 12);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(main.heads()).isEmpty();
    Ports.Other other = timeline.ports().others().getFirst();
    assertThat(other.port()).isEqualTo(new ProbedPort(main.port(), List.of("web"), true));
    assertThat(other.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .startsWith(ConnectOutcome.Refused, ConnectOutcome.Refused)
        .containsOnly(ConnectOutcome.Refused);
    assertThat(timeline.connectionAttempts().getFirst().outcome())
        .isEqualTo(ConnectOutcome.Answered);
    Verdict verdict = Judge.judge(timeline).verdict();
    assertThat(verdict.name()).isEqualTo("StoppedServingEarly");
    assertThat(verdict.first().message())
        .startsWith("It refused connections to port " + main.port() + " (Service web) ");
  }

  @Test
  void aPortThatNobodyServesIsNotHeldAgainstThePod() throws Exception {
    // given
    ScriptedServer server = opened.plain(ScriptedServer::serve);
    ScriptedServer nobody = opened.plain(ScriptedServer::serve);
    nobody.closeListener();
    OneTermination termination = termination(server, null, 0, nobody.port());
    termination.ready();

    // when
    termination.deleted();
    await().until(() -> server.sockets().size() > 12);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.ports().reached())
        .extracting(ProbedPort::number)
        .containsExactly(server.port());
    assertThat(Judge.judge(timeline).verdict().refusedMillis()).isNull();
  }

  @Test
  void allPortsTogetherCostNoMoreThanOne() throws Exception {
    // given
    ScriptedServer one = opened.plain(ScriptedServer::serve);
    ScriptedServer two = opened.plain(ScriptedServer::serve);
    ScriptedServer three = opened.plain(ScriptedServer::serve);
    ScriptedServer four = opened.plain(ScriptedServer::serve);
    List<ScriptedServer> all = List.of(one, two, three, four);
    OneTermination termination =
        opened.client(
            new OneTermination(
                one.port(), false, PATH, 1, 0, 12, two.port(), three.port(), four.port()));
    termination.ready();
    long before = termination.sent();

    // when
    termination.deleted();
    Thread.sleep(Duration.ofSeconds(12));
    Timeline timeline = termination.exited(0);

    // then
    assertThat(before).isEqualTo(2 + 3);
    assertThat(termination.sent() - before).isBetween(40L, 150L);
    assertThat(timeline.countConnectionAttempts()).isLessThanOrEqualTo(74);
    assertThat(all).allSatisfy(it -> assertThat(it.sockets().size()).isGreaterThan(8));
  }

  @Test
  void acquaintanceWithAServer() throws Exception {
    ScriptedServer server = opened.plain(ScriptedServer::serve);

    Baseline acquaintance = meet(server, PATH);

    assertThat(acquaintance.reachable()).isTrue();
    assertThat(acquaintance.answers()).isTrue();
    assertThat(acquaintance.concurrent()).isTrue();
    assertThat(acquaintance.usualMillis()).isPositive();
    assertThat(acquaintance.proxy()).isNull();
    assertThat(server.sockets()).hasSize(2);
    assertThat(server.heads()).hasSize(2).allMatch(head -> head.contains("graceful-operator/test"));
  }

  @Test
  void acquaintanceWithAProxy() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(
                  socket, OK.replace("\r\n\r\n", "\r\nserver: istio-envoy\r\n\r\n"));
            });

    assertThat(meet(server, PATH).proxy()).isEqualTo("istio-envoy");
  }

  @Test
  void acquaintanceWithAServerThatKeepsNoConnection() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, "HTTP/1.0 200 OK\r\n\r\nok");
              socket.close();
            });

    Baseline acquaintance = meet(server, PATH);

    assertThat(acquaintance.answers()).isTrue();
    assertThat(acquaintance.concurrent()).isFalse();
    assertThat(server.sockets()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n",
        "220 mail ESMTP\r\n",
        ""
      })
  void acquaintanceWithWhatDoesNotAnswer(String words) throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, words);
              socket.close();
            });

    assertThat(meet(server, PATH)).isEqualTo(new Baseline(true, false, false, 0, 0, null));
    assertThat(server.sockets()).hasSize(1);
  }

  @Test
  void acquaintanceByConnectionAlone() throws Exception {
    ScriptedServer server = opened.plain(ScriptedServer::serve);

    assertThat(meet(server, null)).isEqualTo(new Baseline(true, false, false, 0, 0, null));
    await().until(() -> server.sockets().size() == 1);
    assertThat(server.heads()).isEmpty();
  }

  @Test
  void acquaintanceWithNobody() throws Exception {
    ScriptedServer server = opened.plain(ScriptedServer::serve);
    server.closeListener();

    assertThat(meet(server, PATH)).isEqualTo(Baseline.UNREACHABLE);
  }

  @Test
  void tooFewRequestsAreNotAccepted() {
    assertThatThrownBy(() -> probe(29))
        .hasMessage("graceful.probe.requests-per-pod is 29, and must be 30 or more");
  }

  private static Probe probe(int requestsPerPod) {
    return new Probe(event -> {}, System::nanoTime, "test", requestsPerPod);
  }

  private static Baseline meet(ScriptedServer server, @Nullable String path)
      throws InterruptedException {
    var target =
        new ProbeTarget(
            new WorkloadRef("shop", "web"),
            new RevisionRef("shop", "rs-1"),
            new PodRef("shop", "web-1", "u-1"),
            LOOPBACK,
            new ProbePlan(server.port(), server.isTls(), path, path != null),
            List.of(),
            null);
    return new BaselineMeasurement(target, new Calls("test", System::nanoTime)).make();
  }

  /** Whether this request was one of a client that keeps its connection. */
  private static boolean isKeptAlive(String head) {
    return !head.contains("Connection: close");
  }

  private OneTermination termination(
      ScriptedServer server, @Nullable String path, int sleepSeconds, Integer... others) {
    return opened.client(
        new OneTermination(
            server.port(),
            server.isTls(),
            path,
            PROPAGATION_SECONDS,
            sleepSeconds,
            GRACE_SECONDS,
            others));
  }
}
