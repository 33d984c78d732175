package dev.graceful.judge.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.facts.UnfitPath;
import dev.graceful.judge.GraceCut;
import dev.graceful.judge.Ports;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.hint.EndedAtOnce;
import dev.graceful.judge.hint.Hint;
import dev.graceful.judge.hint.KeepAliveHeld;
import dev.graceful.judge.hint.KeepAliveRace;
import dev.graceful.judge.hint.KeepAliveUnannounced;
import dev.graceful.judge.hint.LeftLateAndServed;
import dev.graceful.judge.hint.OtherContainerFailed;
import dev.graceful.judge.hint.PortsUnverified;
import dev.graceful.judge.hint.ProxyEndedFirst;
import dev.graceful.judge.hint.SigtermRaisedAgain;
import dev.graceful.judge.hint.StillReady;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FindingTest {

  private static final ProbedPort OTHER = new ProbedPort(8081, List.of("a", "b", "c", "d"), true);

  static Stream<Finding> findings() {
    return Stream.of(
            Stream.of(
                new StoppedServingEarly(20, 5, 0, false, null, null),
                new StoppedServingEarly(-30, 5, 0, false, null, null),
                new StoppedServingEarly(0, 5, 0, true, null, null),
                new StoppedServingEarly(3_200, 5, 3, false, null, null),
                new StoppedServingEarly(4_899, 5, 5, true, null, null),
                new StoppedServingEarly(20, 5, 6, true, null, null),
                new StoppedServingEarly(20, 5, 0, true, "admin", null),
                new StoppedServingEarly(20, 5, 0, false, null, OTHER),
                new ExitedWithError(1, "Error", "app"),
                new ExitedWithError(137, "Error", "app"),
                new ExitedWithError(-1_073_741_819, "Error", "app"),
                new ExitedWithError(2, "", "app"),
                new CutConnections("/query", 21, 48),
                new NeverLeft(),
                new ExitedBeforeLeaving(900),
                new LeftLate(1_400),
                new NoReadyEndpointLeft(),
                new KilledByOOM("app"),
                new HookFailed(true, "app"),
                new HookFailed(true, ""),
                new HookFailed(false, "app"),
                new EndedByNode("Evicted"),
                new EndedByNode(""),
                new Graceful(6_020, "/ready", 12)),
            Arrays.stream(FailedWhileDraining.Why.values())
                .map(why -> new FailedWhileDraining("/query", 6_100, why)),
            Arrays.stream(ConnectionsServed.Why.values())
                .map(why -> new ConnectionsServed(6_020, why, null, null)),
            Stream.of(
                new ConnectionsServed(
                    6_020,
                    ConnectionsServed.Why.PathUnfit,
                    new UnfitPath("/ready", true, 400),
                    null),
                new ConnectionsServed(
                    6_020,
                    ConnectionsServed.Why.PathUnfit,
                    new UnfitPath("/query", false, 500),
                    null),
                new ConnectionsServed(6_020, ConnectionsServed.Why.NothingAsked, null, OTHER)),
            Arrays.stream(KilledAtDeadline.Why.values())
                .map(why -> new KilledAtDeadline(why, 30, "app")),
            Arrays.stream(Inconclusive.Why.values()).map(why -> new Inconclusive(why, null, null)),
            Stream.of(
                new Inconclusive(Inconclusive.Why.GraceCutShort, new GraceCut(15, 66), null),
                new Inconclusive(Inconclusive.Why.ServingNotProven, null, OTHER)),
            Arrays.stream(NotApplicable.Why.values()).map(NotApplicable::new))
        .flatMap(stream -> stream);
  }

  static Stream<Hint> hints() {
    return Stream.of(
        new EndedAtOnce(),
        new KeepAliveHeld(),
        new KeepAliveUnannounced(),
        new KeepAliveRace(),
        new StillReady(),
        new ProxyEndedFirst("envoy"),
        new OtherContainerFailed("dbproxy", "ended with exit code 2"),
        new SigtermRaisedAgain("app"),
        new LeftLateAndServed(1_400),
        new PortsUnverified(List.of(9090)),
        new PortsUnverified(List.of(9090, 9091)));
  }

  /**
   * Users search for them, and alerts may match them. After a change that is meant, take those in
   * target/sentences.
   */
  @Test
  void theSentencesAreThoseThatUsersKnow() throws IOException, URISyntaxException {
    Path known =
        Path.of(Objects.requireNonNull(getClass().getResource("/sentences/verdicts.txt")).toURI());
    List<String> now =
        Stream.concat(
                findings().map(finding -> finding + ": " + finding.message()),
                hints().map(hint -> hint + ": " + hint.message()))
            .toList();
    Files.write(
        Files.createDirectories(Path.of("target", "sentences")).resolve("verdicts.txt"), now);

    assertThat(now).containsExactlyElementsOf(Files.readAllLines(known));
  }

  @Test
  void whatAVerdictRestsOnNamesThePathItsUsualTimeAndThePorts() {
    var asked = new ProbedPath("/query", false, 40);
    var web = new ProbedPort(8080, List.of("web"), true);
    var one = new Ports(web, List.of(), 0, false);
    var several =
        new Ports(
            web,
            List.of(
                new Ports.Other(OTHER, List.of()),
                new Ports.Other(new ProbedPort(9090, List.of(), false), List.of())),
            2,
            true);

    assertThat(RestsOn.Requests.message(asked, Ports.NONE))
        .isEqualTo("requests: GET /query, ≤ 40 ms");
    assertThat(RestsOn.Requests.message(asked, one))
        .isEqualTo("requests: GET /query on port 8080 (Service web), ≤ 40 ms");
    assertThat(RestsOn.Requests.message(asked, several))
        .isEqualTo(
            "requests: GET /query on port 8080 (Service web), ≤ 40 ms; connections: port 8081"
                + " (Services a, b, c and 1 more); 2 more ports were not tried; UDP and SCTP were not tested");
    assertThat(RestsOn.Requests.message(null, Ports.NONE)).isEqualTo("requests");
    assertThat(RestsOn.Connections.message(null, several))
        .isEqualTo(
            "connections: port 8080 (Service web), port 8081 (Services a, b, c and 1 more);"
                + " 2 more ports were not tried; UDP and SCTP were not tested");
    assertThat(RestsOn.Connections.message(null, Ports.NONE)).isEqualTo("connections");
    assertThat(RestsOn.Status.message(null, several)).isEqualTo("status");
  }

  @ParameterizedTest
  @MethodSource("findings")
  void everyFindingIsAWholeSentence(Finding finding) {
    assertThat(finding.message()).matches("(?s)[A-Z].*[.?]").doesNotContain("null", "  ");
  }

  @ParameterizedTest
  @MethodSource("findings")
  void noTwoFindingsReadTheSame(Finding finding) {
    assertThat(findings().filter(other -> other.message().equals(finding.message()))).hasSize(1);
  }

  @Test
  void aRefusalNamesTheMarginTheNeedAndTheNumberThatSetsItRight() {
    assertThat(new StoppedServingEarly(20, 5, 0, false, null, null).message())
        .contains("0.02 s after leaving", "may come for 5 s", "6 s");
  }

  @Test
  void aSleepThatIsTooShortIsToldApartFromOneThatShouldHaveDone() {
    assertThat(new StoppedServingEarly(3_200, 5, 3, false, null, null).message())
        .contains("3 s is too short");
    assertThat(new StoppedServingEarly(3_200, 5, 6, false, null, null).message())
        .contains("should have covered", "FailedPreStopHook");
  }

  @Test
  void theCureOfAKillDependsOnWhatHeldIt() {
    assertThat(new KilledAtDeadline(KilledAtDeadline.Why.SignalIgnored, 30, "app").message())
        .contains("30 s", "PID 1");
    assertThat(new KilledAtDeadline(KilledAtDeadline.Why.ConnectionsHeld, 30, "app").message())
        .contains("Connection: close");
  }
}
