package dev.graceful.probe;

import static dev.graceful.http.ScriptedServer.LOOPBACK;
import static dev.graceful.http.ScriptedServer.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.evidence.RequestFate;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ContainerFacts.HttpReadiness;
import dev.graceful.facts.Exit;
import dev.graceful.facts.HookSleep;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.ProbeHeaders;
import dev.graceful.facts.ProbeHeaders.Header;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.UnfitPath;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.http.Opened;
import dev.graceful.http.ScriptedServer;
import dev.graceful.http.ScriptedServer.Script;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.Crossing;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        .startsWith(ConnectOutcome.Unavailable, ConnectOutcome.Accepted)
        .containsOnlyOnce(ConnectOutcome.Unavailable);
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
    OneTermination termination = asking(server, sleeping(20), "/query");
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

  /** Report r01: the hook of a pod is a command whose text does not tell how long it takes. */
  @Test
  void whereItIsNotKnownWhenSigtermComesRequestsAreInFlightSeldomR01() throws Exception {
    // given
    var ending = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                Thread.sleep(ending.get() ? 1_500 : 400);
                ScriptedServer.write(socket, OK);
              }
            });
    OneTermination termination = asking(server, hooked(null), "/slow");
    termination.ready();

    // when it takes no more, and answers what it has
    termination.deleted();
    Thread.sleep(1_000);
    ending.set(true);
    Thread.sleep(1_000);
    server.closeListener();
    await().until(() -> termination.refusedInARow() >= 2);
    Thread.sleep(2_000);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.sigterm()).isNull();
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .contains(RequestFate.Answered, RequestFate.NotConnected)
        .isSubsetOf(RequestFate.Answered, RequestFate.NotConnected)
        .hasSizeLessThan(20);
    assertThat(crossing(timeline)).isEqualTo(Crossing.Answered);
    assertThat(server.heads().stream().filter(ProbeTest::isKeptAlive)).hasSize(2);
  }

  /** Report r01: the same, and what is in hand is cut. */
  @Test
  void whatIsCutAtAMomentThatWasNotKnownIsSeenR01() throws Exception {
    // given
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                Thread.sleep(700);
                ScriptedServer.write(socket, OK);
              }
            });
    OneTermination termination = asking(server, hooked(null), "/slow");
    termination.ready();

    // when it ends at once
    termination.deleted();
    Thread.sleep(2_000);
    server.closeListener();
    for (Socket socket : server.sockets()) {
      socket.close();
    }
    await().until(() -> termination.refusedInARow() >= 2);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .containsAnyOf(RequestFate.Cut, RequestFate.Reset);
    assertThat(crossing(timeline)).isEqualTo(Crossing.Unknown);
  }

  /** Report r01: a command that does nothing but sleep is as good as a native sleep. */
  @Test
  void aCommandThatSleepsTellsWhenSigtermComesR01() throws Exception {
    // given
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                Thread.sleep(20);
                ScriptedServer.write(socket, OK);
              }
            });
    OneTermination termination =
        asking(server, hooked(new HookSleep(200, HookSleep.Kind.Command)), "/slow");
    termination.ready();

    // when
    termination.deleted();
    termination.taken();
    await()
        .until(() -> server.heads().stream().filter(ProbeTest::isKeptAlive).count() >= 2 + 3 + 1);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.sigterm()).isNotNull();
    assertThat(timeline.keepAliveRequests()).extracting(KeepAliveRequest::fate).isNotEmpty();
  }

  @Test
  void aServerThatClosesEachConnectionHasRequestsInFlightToo() throws Exception {
    // given
    ScriptedServer server = opened.plain(answeringOnce(300));
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();

    // when it takes no more, and answers what it has
    termination.deleted();
    termination.taken();
    await().until(() -> server.heads().size() > 6);
    server.closeListener();
    await().until(() -> termination.refusedInARow() >= 2);
    Thread.sleep(400);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .contains(RequestFate.Answered, RequestFate.NotConnected)
        .isSubsetOf(RequestFate.Answered, RequestFate.NotConnected);
    assertThat(crossing(timeline)).isEqualTo(Crossing.Answered);
  }

  @Test
  void aPathThatTakesSecondsIsWaitedFor() throws Exception {
    // given
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                Thread.sleep(2_000);
                ScriptedServer.write(socket, OK);
              }
            });
    OneTermination termination = termination(server, PATH, 0);
    termination.ready();

    // when
    termination.deleted();
    termination.taken();
    Thread.sleep(6_000);
    Timeline timeline = termination.exited(0);

    // then
    long sigterm = Objects.requireNonNull(timeline.sigterm()).latestMillis();
    assertThat(timeline.keepAliveRequests())
        .extracting(KeepAliveRequest::fate)
        .containsOnly(RequestFate.Answered);
    assertThat(timeline.keepAliveRequests())
        .anyMatch(e -> e.sentMillis() <= sigterm && e.endedMillis() >= sigterm + 1_000);
  }

  @Test
  void aListenerThatNothingServesGivesNoResponse() throws Exception {
    // given
    var draining = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              while (it.read(socket)) {
                if (!draining.get()) {
                  ScriptedServer.write(socket, OK);
                }
              }
            });
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    draining.set(true);
    termination.deleted();
    await().atMost(20, TimeUnit.SECONDS).until(() -> server.sockets().size() > 2 + 1);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .startsWith(ConnectOutcome.Unanswered);
    assertThat(timeline.connectionAttempts().getFirst().atMillis()).isLessThan(500);
  }

  @Test
  void theHeadersOfTheReadinessProbeAreSentWithItsPath() throws Exception {
    // given a server that knows its host
    ScriptedServer server = knowingItsHost();
    OneTermination termination =
        asking(server, probedWith(server, new Header("Host", "shop.example")), null);
    termination.ready();

    // when
    termination.deleted();
    termination.taken();
    await()
        .until(() -> server.heads().stream().filter(ProbeTest::isKeptAlive).count() >= 2 + 3 + 1);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(server.heads())
        .allMatch(head -> head.contains("\r\nHost: shop.example\r\n"))
        .noneMatch(head -> head.contains(LOOPBACK));
    assertThat(timeline.unfit()).isNull();
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .containsOnly(ConnectOutcome.Answered);
  }

  @Test
  void aPathThatAnswersOtherwiseThanItsReadinessSaysIsNotRequested() throws Exception {
    // given
    ScriptedServer server = knowingItsHost();
    OneTermination termination = termination(server, PATH, 20);
    termination.ready();

    // when
    termination.deleted();
    await().until(() -> server.sockets().size() > 4);
    Timeline timeline = termination.exited(0);

    // then
    assertThat(server.heads()).hasSize(1);
    assertThat(timeline.asked()).isNull();
    assertThat(timeline.unfit()).isEqualTo(new UnfitPath(PATH, true, 400));
    assertThat(timeline.connectionAttempts())
        .extracting(ConnectionAttempt::outcome)
        .containsOnly(ConnectOutcome.Accepted);
  }

  private ScriptedServer knowingItsHost() throws IOException {
    return opened.plain(
        (it, socket) -> {
          while (it.read(socket)) {
            boolean known = it.heads().getLast().contains("Host: shop.example\r\n");
            ScriptedServer.write(socket, known ? OK : OK.replace("200 OK", "400 Bad Request"));
          }
        });
  }

  private static Script answeringOnce(long millis) {
    return (it, socket) -> {
      if (it.read(socket)) {
        Thread.sleep(millis);
        ScriptedServer.write(socket, OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      }
      socket.close();
    };
  }

  private static Crossing crossing(Timeline timeline) {
    return Crossing.of(timeline);
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
    assertThat(acquaintance.keeping()).isEqualTo(Keeping.Kept);
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
    assertThat(acquaintance.keeping()).isEqualTo(Keeping.Closed);
    assertThat(server.sockets()).hasSize(1);
  }

  @Test
  void acquaintanceWithAServerThatServesOneAtATime() throws Exception {
    var busy = new AtomicBoolean();
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              if (busy.getAndSet(true)) {
                socket.close();
              }
              it.serve(socket);
            });

    assertThat(meet(server, PATH).keeping()).isEqualTo(Keeping.OneAtATime);
  }

  @Test
  void acquaintanceWithLongResponses() throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              ScriptedServer.write(socket, "x".repeat(100_000));
            });

    assertThat(meet(server, PATH).keeping()).isEqualTo(Keeping.LongResponses);
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 500 No~Content-Length: 0~~', 500",
    "'HTTP/1.1 503 Later~Content-Length: 0~~', 503",
    "'HTTP/1.1 400 Host~Content-Length: 0~~', 400",
    "'220 mail ESMTP~', 0",
    "'', 0"
  })
  void acquaintanceWithWhatDoesNotAnswer(String words, int status) throws Exception {
    ScriptedServer server =
        opened.plain(
            (it, socket) -> {
              it.read(socket);
              ScriptedServer.write(socket, words.replace("~", "\r\n"));
              socket.close();
            });

    assertThat(meet(server, PATH))
        .isEqualTo(new Baseline(true, false, Keeping.Unknown, 0, status, null));
    assertThat(server.sockets()).hasSize(1);
  }

  @Test
  void acquaintanceByConnectionAlone() throws Exception {
    ScriptedServer server = opened.plain(ScriptedServer::serve);

    assertThat(meet(server, null))
        .isEqualTo(new Baseline(true, false, Keeping.Unknown, 0, 0, null));
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

  /** A container that has a readiness probe with a header of its own. */
  private static ContainerFacts probedWith(ScriptedServer server, Header header) {
    var headers = new ProbeHeaders(List.of(header));
    return new ContainerFacts(
        "app",
        false,
        0,
        true,
        new HttpReadiness(PATH, server.port(), false, headers),
        Set.of(),
        Map.of());
  }

  private static ContainerFacts sleeping(int seconds) {
    return new ContainerFacts("app", seconds > 0, seconds, false, null, Set.of(), Map.of());
  }

  /** A container whose preStop hook is a command. */
  private static ContainerFacts hooked(@Nullable HookSleep hook) {
    return new ContainerFacts("app", true, 0, hook, false, null, Set.of(), Map.of());
  }

  private OneTermination asking(
      ScriptedServer server, ContainerFacts container, @Nullable String path) {
    return opened.client(
        new OneTermination(
            server.port(),
            container,
            new ProbePlan.VerifySpec(null, path, null, List.of()),
            PROPAGATION_SECONDS,
            GRACE_SECONDS));
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
