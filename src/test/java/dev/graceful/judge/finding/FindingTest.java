package dev.graceful.judge.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FindingTest {

  static Stream<Finding> findings() {
    return Stream.of(
            Stream.of(
                new StoppedServingEarly(20, 5, 0, false),
                new StoppedServingEarly(-30, 5, 0, false),
                new StoppedServingEarly(3_200, 5, 3, false),
                new StoppedServingEarly(20, 5, 6, true),
                new ExitedWithError(1, "Error"),
                new ExitedWithError(137, "Error"),
                new CutConnections("/query", 21, 48),
                new NeverLeft(),
                new ExitedBeforeLeaving(900),
                new LeftLate(1_400),
                new NoReadyEndpointLeft(),
                new KilledByOOM(),
                new HookFailed(true),
                new HookFailed(false),
                new EndedByNode("Evicted"),
                new Graceful(6_020, "/ready", 12)),
            Arrays.stream(FailedWhileDraining.Why.values())
                .map(why -> new FailedWhileDraining("/query", 6_100, why)),
            Arrays.stream(ConnectionsServed.Why.values())
                .map(why -> new ConnectionsServed(6_020, why)),
            Arrays.stream(KilledAtDeadline.Why.values()).map(why -> new KilledAtDeadline(why, 30)),
            Arrays.stream(Inconclusive.Why.values()).map(Inconclusive::new),
            Arrays.stream(NotApplicable.Why.values()).map(NotApplicable::new))
        .flatMap(stream -> stream);
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
    assertThat(new StoppedServingEarly(20, 5, 0, false).message())
        .contains("0.02 s after leaving", "may come for 5 s", "6 s");
  }

  @Test
  void aSleepThatIsTooShortIsToldApartFromOneThatShouldHaveDone() {
    assertThat(new StoppedServingEarly(3_200, 5, 3, false).message()).contains("3 s is too short");
    assertThat(new StoppedServingEarly(3_200, 5, 6, false).message())
        .contains("should have covered", "FailedPreStopHook");
  }

  @Test
  void theCureOfAKillDependsOnWhatHeldIt() {
    assertThat(new KilledAtDeadline(KilledAtDeadline.Why.SignalIgnored, 30).message())
        .contains("30 s", "PID 1");
    assertThat(new KilledAtDeadline(KilledAtDeadline.Why.ConnectionsHeld, 30).message())
        .contains("Connection: close");
  }
}
