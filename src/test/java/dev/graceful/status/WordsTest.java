package dev.graceful.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.judge.Finding;
import dev.graceful.judge.Finding.ConnectionsServed;
import dev.graceful.judge.Finding.CutConnections;
import dev.graceful.judge.Finding.EndedByNode;
import dev.graceful.judge.Finding.ExitedBeforeLeaving;
import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.FailedWhileDraining;
import dev.graceful.judge.Finding.Graceful;
import dev.graceful.judge.Finding.HookFailed;
import dev.graceful.judge.Finding.Inconclusive;
import dev.graceful.judge.Finding.KilledAtDeadline;
import dev.graceful.judge.Finding.KilledByOOM;
import dev.graceful.judge.Finding.LeftLate;
import dev.graceful.judge.Finding.NeverLeft;
import dev.graceful.judge.Finding.NoReadyEndpointLeft;
import dev.graceful.judge.Finding.NotApplicable;
import dev.graceful.judge.Finding.StoppedServingEarly;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {

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
    assertThat(Words.of(finding)).matches("(?s)[A-Z].*[.?]").doesNotContain("null", "  ");
  }

  @ParameterizedTest
  @MethodSource("findings")
  void noTwoFindingsReadTheSame(Finding finding) {
    assertThat(findings().filter(other -> Words.of(other).equals(Words.of(finding)))).hasSize(1);
  }

  @Test
  void aRefusalNamesTheMarginTheNeedAndTheNumberThatSetsItRight() {
    assertThat(Words.of(new StoppedServingEarly(20, 5, 0, false)))
        .contains("0.02 s after leaving", "may come for 5 s", "6 s");
  }

  @Test
  void aSleepThatIsTooShortIsToldApartFromOneThatShouldHaveDone() {
    assertThat(Words.of(new StoppedServingEarly(3_200, 5, 3, false))).contains("3 s is too short");
    assertThat(Words.of(new StoppedServingEarly(3_200, 5, 6, false)))
        .contains("should have covered", "FailedPreStopHook");
  }

  @Test
  void theCureOfAKillDependsOnWhatHeldIt() {
    assertThat(Words.of(new KilledAtDeadline(KilledAtDeadline.Why.SignalIgnored, 30)))
        .contains("30 s", "PID 1");
    assertThat(Words.of(new KilledAtDeadline(KilledAtDeadline.Why.ConnectionsHeld, 30)))
        .contains("Connection: close");
  }
}
