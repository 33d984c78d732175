package dev.graceful.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.judge.Finding;
import dev.graceful.judge.Finding.ConnectionsServed;
import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.Inconclusive;
import dev.graceful.judge.Finding.KilledAtDeadline;
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
                new ExitedWithError(137, "OOMKilled"),
                new ConnectionsServed(6_020)),
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
