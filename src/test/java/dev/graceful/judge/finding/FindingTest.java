package dev.graceful.judge.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.facts.UnfitPath;
import dev.graceful.judge.GraceCut;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.hint.EndedAtOnce;
import dev.graceful.judge.hint.Hint;
import dev.graceful.judge.hint.KeepAliveHeld;
import dev.graceful.judge.hint.KeepAliveRace;
import dev.graceful.judge.hint.KeepAliveUnannounced;
import dev.graceful.judge.hint.LeftLateAndServed;
import dev.graceful.judge.hint.OtherContainerFailed;
import dev.graceful.judge.hint.ProxyEndedFirst;
import dev.graceful.judge.hint.SigtermRaisedAgain;
import dev.graceful.judge.hint.StillReady;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FindingTest {

  static Stream<Finding> findings() {
    return Stream.of(
            Stream.of(
                new StoppedServingEarly(20, 5, 0, false, null),
                new StoppedServingEarly(-30, 5, 0, false, null),
                new StoppedServingEarly(0, 5, 0, true, null),
                new StoppedServingEarly(3_200, 5, 3, false, null),
                new StoppedServingEarly(4_899, 5, 5, true, null),
                new StoppedServingEarly(20, 5, 6, true, null),
                new StoppedServingEarly(20, 5, 0, true, "admin"),
                new ExitedWithError(1, "Error", "app"),
                new ExitedWithError(137, "Error", "app"),
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
                .map(why -> new ConnectionsServed(6_020, why, null)),
            Stream.of(
                new ConnectionsServed(
                    6_020, ConnectionsServed.Why.PathUnfit, new UnfitPath("/ready", true, 400)),
                new ConnectionsServed(
                    6_020, ConnectionsServed.Why.PathUnfit, new UnfitPath("/query", false, 500))),
            Arrays.stream(KilledAtDeadline.Why.values())
                .map(why -> new KilledAtDeadline(why, 30, "app")),
            Arrays.stream(Inconclusive.Why.values()).map(why -> new Inconclusive(why, null)),
            Stream.of(new Inconclusive(Inconclusive.Why.GraceCutShort, new GraceCut(15, 66))),
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
        new LeftLateAndServed(1_400));
  }

  /** Users search for them, and alerts may match them. */
  @Test
  void theSentencesAreThoseThatUsersKnow() throws IOException, URISyntaxException {
    Path known =
        Path.of(Objects.requireNonNull(getClass().getResource("/sentences/verdicts.txt")).toURI());

    assertThat(
            Stream.concat(
                findings().map(finding -> finding + ": " + finding.message()),
                hints().map(hint -> hint + ": " + hint.message())))
        .containsExactlyElementsOf(Files.readAllLines(known));
  }

  @Test
  void whatAVerdictRestsOnNamesThePathAndItsUsualTime() {
    assertThat(RestsOn.Requests.message(new ProbedPath("/query", false, 40)))
        .isEqualTo("requests: GET /query, ≤ 40 ms");
    assertThat(RestsOn.Requests.message(null)).isEqualTo("requests");
    assertThat(RestsOn.Connections.message(null)).isEqualTo("connections");
    assertThat(RestsOn.Status.message(null)).isEqualTo("status");
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
    assertThat(new StoppedServingEarly(20, 5, 0, false, null).message())
        .contains("0.02 s after leaving", "may come for 5 s", "6 s");
  }

  @Test
  void aSleepThatIsTooShortIsToldApartFromOneThatShouldHaveDone() {
    assertThat(new StoppedServingEarly(3_200, 5, 3, false, null).message())
        .contains("3 s is too short");
    assertThat(new StoppedServingEarly(3_200, 5, 6, false, null).message())
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
