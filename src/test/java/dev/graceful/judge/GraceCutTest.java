package dev.graceful.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraceCutTest {

  @ParameterizedTest
  @CsvSource({"15, 15, 66, 15, 66", "65, 65, 66, 65, 66", "66, 9, 66, 9, 66", "80, 70, 66, 70, 80"})
  void isWhatIsLeftOfWhatThePodWouldHaveHad(
      long first, long least, long template, long given, long full) {
    assertThat(GraceCut.of(first, least, template)).isEqualTo(new GraceCut(given, full));
  }

  @ParameterizedTest
  @CsvSource({"66, 66, 66", "80, 80, 66", "30, 30, 0", "0, 0, 66"})
  void isNoneWhereThePodHadAllOfItOrWasGivenNone(long first, long least, long template) {
    assertThat(GraceCut.of(first, least, template)).isNull();
  }
}
