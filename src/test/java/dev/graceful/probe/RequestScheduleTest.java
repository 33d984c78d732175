package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.SigtermWindow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestScheduleTest {

  private static final int MOST = 50;

  @ParameterizedTest
  @CsvSource({
    // the hook's sleep, earliest, latest, how long an answer takes, most
    "6000, 5900, 6200,  1,   75",
    "6000, 5900, 6200,  30,  75",
    "6000, 5900, 6100,  300, 75",
    "6000, 6000, 8500,  1,   75",
    "6000, 6000, 8500,  30,  75",
    "6000, 6000, 66000, 1,   75",
    "6000, 5040, 6540,  1,   75",
    "6000, 6900, 8400,  1,   75",
    "6000, 5900, 6200,  1,   15",
    "6000, 6000, 8500,  1,   15",
    "0,    0,    2500,  1,   75",
    "0,    0,    540,   30,  75",
  })
  void asksUntilSigtermHasSurelyComeAndOnceMore(
      long sleep, long earliest, long latest, long answerMillis, int most) {
    // given
    var sigterm = new SigtermWindow(earliest, latest);
    var schedule = new RequestSchedule(most);

    // when each client sends the next one as soon as it may and has its answer
    long start = RequestSchedule.start(sigterm);
    long[] next = new long[RequestSchedule.CLIENTS];
    Arrays.setAll(
        next,
        place ->
            start
                + place
                    * (schedule.nextMillis(sigterm, sleep, start, 0) - start)
                    / RequestSchedule.CLIENTS);
    int sent = 0;
    boolean answeredAfterwards = false;
    while (!answeredAfterwards && sent < most) {
      int client =
          IntStream.range(0, next.length)
              .boxed()
              .min(Comparator.comparingLong(each -> next[each]))
              .orElseThrow();
      long now = next[client];
      long soonest = schedule.nextMillis(sigterm, sleep, now, ++sent);
      assertThat(soonest - now).isGreaterThanOrEqualTo(RequestSchedule.SHORTEST_MILLIS);
      answeredAfterwards = now + answerMillis > latest;
      next[client] = Math.max(soonest, now + answerMillis);
    }

    // then
    assertThat(answeredAfterwards).isTrue();
  }

  @Test
  void oftenWhereItIsLikely() {
    var schedule = new RequestSchedule(75);
    var sigterm = new SigtermWindow(3_040, 4_540);

    assertThat(schedule.nextMillis(sigterm, 4_000, 3_920, 6)).isBetween(3_940L, 3_970L);
    assertThat(schedule.nextMillis(sigterm, 4_000, 4_250, 40)).isBetween(4_270L, 4_290L);
  }

  @Test
  void seldomWhereItIsNot() {
    var schedule = new RequestSchedule(75);
    var sigterm = new SigtermWindow(3_040, 4_540);

    assertThat(schedule.nextMillis(sigterm, 4_000, 2_890, 0)).isGreaterThan(3_000);
    assertThat(schedule.nextMillis(sigterm, 4_000, 4_310, 60)).isGreaterThan(4_350);
  }

  @Test
  void fromWhereItIsNotLikelyIntoWhereItIs() {
    var schedule = new RequestSchedule(75);
    var sigterm = new SigtermWindow(3_040, 4_540);

    assertThat(schedule.nextMillis(sigterm, 4_000, 3_910, 6)).isBetween(3_930L, 3_955L);
  }

  @Test
  void afterItsEndAsOftenAsEver() {
    assertThat(
            new RequestSchedule(MOST)
                .nextMillis(new SigtermWindow(5_900, 6_200), 6_000, 7_300, MOST))
        .isEqualTo(7_320);
  }

  @Test
  void fromShortlyBeforeToShortlyAfter() {
    var sigterm = new SigtermWindow(5_900, 6_200);

    assertThat(RequestSchedule.start(sigterm)).isEqualTo(5_750);
    assertThat(RequestSchedule.end(sigterm)).isEqualTo(7_200);
  }
}
