package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.observe.Sigterm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlightScheduleTest {

  private static final int MOST = 50;

  @ParameterizedTest
  @CsvSource({
    // earliest, latest, how long an answer takes, most
    "5900, 6200,  1,   50",
    "5900, 6200,  30,  50",
    "5900, 6100,  300, 50",
    "6000, 8500,  1,   50",
    "6000, 8500,  30,  50",
    "6000, 66000, 1,   50",
    "5900, 6200,  1,   10",
    "6000, 8500,  1,   10",
  })
  void asksUntilSigtermHasSurelyComeAndOnceMore(
      long earliest, long latest, long answerMillis, int most) {
    // given
    var sigterm = new Sigterm(earliest, latest);
    var schedule = new FlightSchedule(most);

    // when each client sends the next one as soon as it may and has its answer
    long[] next = {
      FlightSchedule.start(sigterm),
      FlightSchedule.start(sigterm)
          + schedule.intervalMillis(sigterm, FlightSchedule.start(sigterm), 0) / 2
    };
    int sent = 0;
    boolean answeredAfterwards = false;
    while (!answeredAfterwards && sent < most) {
      int client = next[0] <= next[1] ? 0 : 1;
      long now = next[client];
      long interval = schedule.intervalMillis(sigterm, now, ++sent);
      assertThat(interval).isGreaterThanOrEqualTo(FlightSchedule.SHORTEST_MILLIS);
      answeredAfterwards = now + answerMillis > latest;
      next[client] = now + Math.max(interval, answerMillis);
    }

    // then
    assertThat(answeredAfterwards).isTrue();
  }

  @Test
  void often() {
    var sigterm = new Sigterm(5_900, 6_200);

    assertThat(new FlightSchedule(MOST).intervalMillis(sigterm, 5_750, 0))
        .isEqualTo(FlightSchedule.SHORTEST_MILLIS);
    assertThat(new FlightSchedule(MOST).intervalMillis(sigterm, 6_500, MOST)).isEqualTo(20);
  }

  @Test
  void fromShortlyBeforeToShortlyAfter() {
    var sigterm = new Sigterm(5_900, 6_200);

    assertThat(FlightSchedule.start(sigterm)).isEqualTo(5_750);
    assertThat(FlightSchedule.end(sigterm)).isEqualTo(7_200);
  }
}
