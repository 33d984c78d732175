package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectScheduleTest {

  /** How long one connection takes where nothing is wrong. */
  private static final long CONNECT_MILLIS = 2;

  /** Of grace, after the window: what comes by default. */
  private static final long AFTERWARDS_SECONDS = 31;

  /** Often, and what the connection itself takes. */
  private static final long DENSE_MILLIS = 60;

  @ParameterizedTest
  @CsvSource({
    // propagationSeconds, left, refused from, ended
    "0,   40,    ,      8000",
    "0,   40,    40,    30000",
    "5,   40,    ,      36000",
    "5,   40,    45,    36000",
    "5,   40,    6000,  36000",
    "5,   2500,  ,      36000",
    "5,   ,      ,      36000",
    "30,  40,    ,      61000",
    "300, 40,    ,      331000",
    "300, 9000,  ,      340000",
    "0,   40,    ,      9223372036854775807",
    "5,   40,    ,      9223372036854775807",
    "5,   40,    45,    9223372036854775807",
    "5,   ,      ,      9223372036854775807",
    "300, ,      ,      9223372036854775807",
  })
  void neverConnectsMoreThanItMay(
      int propagationSeconds, @Nullable Long left, @Nullable Long refusedFrom, long ended) {
    // when
    List<Long> connectionAttempts =
        connectionAttempts(propagationSeconds, left, refusedFrom, ended);

    // then
    assertThat(connectionAttempts).hasSizeBetween(2, ConnectSchedule.ENOUGH);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   40", "0,   -30", "1,   40", "2,   40", "3,   40", "5,   -30", "5,   40", "5,   1900",
    "5,   2500", "5,   9000", "15,  40", "30,  40", "30,  1000", "60,  40", "120, 40", "300, 40",
    "300, 2500",
  })
  void connectsRightAfterTheWindowsEnd(int propagationSeconds, long left) {
    // given
    long windowEnd = left + propagationSeconds * 1_000L;

    // when
    List<Long> connectionAttempts =
        connectionAttempts(propagationSeconds, left, null, windowEnd + 30_000);

    // then
    assertThat(connectionAttempts)
        .anyMatch(at -> at >= windowEnd && at <= windowEnd + DENSE_MILLIS);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 30, 300})
  void connectsOftenInTheFirstTwoSecondsAndTheLastOne(int propagationSeconds) {
    // given
    long left = 40;
    long windowEnd = left + propagationSeconds * 1_000L;

    // when
    List<Long> connectionAttempts =
        connectionAttempts(propagationSeconds, left, null, windowEnd + 30_000);

    // then
    assertThat(longestGap(connectionAttempts, 0, 2_000)).isLessThanOrEqualTo(DENSE_MILLIS);
    assertThat(longestGap(connectionAttempts, windowEnd - 1_000, windowEnd))
        .isLessThanOrEqualTo(DENSE_MILLIS);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 14})
  void connectsTwiceASecondBetween(int propagationSeconds) {
    // given
    long left = 40;
    long windowEnd = left + propagationSeconds * 1_000L;

    // when
    List<Long> connectionAttempts =
        connectionAttempts(propagationSeconds, left, null, windowEnd + 30_000);

    // then
    assertThat(longestGap(connectionAttempts, 0, windowEnd)).isLessThanOrEqualTo(510);
  }

  @Test
  void aLongWindowIsWatchedAllTheWay() {
    // when
    List<Long> connectionAttempts = connectionAttempts(300, 40L, null, 331_000);

    // then
    assertThat(longestGap(connectionAttempts, 0, 300_040)).isLessThanOrEqualTo(13_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void connectsOnceASecondAfterTheWindow(int propagationSeconds) {
    // given
    long afterwards = 40 + propagationSeconds * 1_000L + DENSE_MILLIS;

    // when
    List<Long> connectionAttempts =
        connectionAttempts(propagationSeconds, 40L, null, afterwards + 15_000);

    // then
    assertThat(longestGap(connectionAttempts, afterwards, afterwards + 15_000))
        .isLessThanOrEqualTo(1_010);
    assertThat(connectionAttempts).filteredOn(at -> at > afterwards).hasSizeLessThanOrEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 30, 60, 300})
  void whatIsLeftLastsToTheDeadline(int propagationSeconds) {
    // given
    long afterwards = 40 + propagationSeconds * 1_000L + DENSE_MILLIS;
    long deadline = (propagationSeconds + AFTERWARDS_SECONDS) * 1_000L;

    // when
    List<Long> connectionAttempts = connectionAttempts(propagationSeconds, 40L, null, deadline);

    // then
    assertThat(connectionAttempts.getLast()).isGreaterThan(deadline - 3_000);
    assertThat(longestGap(connectionAttempts, afterwards, connectionAttempts.getLast()))
        .isLessThanOrEqualTo(3_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {19, 40, 98, 99, 600})
  void fewerOrMoreThanUsual(int most) {
    // when
    List<Long> connectionAttempts =
        connectionAttempts(new ConnectSchedule(most), 5, 40L, null, 36_000);

    // then its beginning, its end and the deadline are seen however few there are
    assertThat(connectionAttempts).hasSizeLessThanOrEqualTo(most);
    assertThat(longestGap(connectionAttempts, 0, 2_000))
        .isGreaterThanOrEqualTo(52)
        .isLessThanOrEqualTo(270);
    assertThat(connectionAttempts).anyMatch(at -> at >= 5_040 && at < 5_310);
    assertThat(connectionAttempts.getLast()).isGreaterThan(29_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 7, 20, 35, 50})
  void soonAfterTheWindowAConnectionBeginsHoweverLongEachTakes(long connectMillis) {
    // when
    List<Long> connectionAttempts =
        connectionAttempts(
            new ConnectSchedule(ConnectSchedule.ENOUGH), 3, 40L, null, 14_000, connectMillis);

    // then
    assertThat(connectionAttempts).anyMatch(at -> at >= 3_040 && at <= 3_040 + connectMillis + 52);
    assertThat(connectionAttempts).hasSizeLessThanOrEqualTo(ConnectSchedule.ENOUGH);
  }

  @Test
  void oncePerSecondIsEnoughForWhatIsProvenToRefuse() {
    // when
    List<Long> connectionAttempts = connectionAttempts(5, 40L, 100L, 30_000);

    // then
    List<Long> refused = connectionAttempts.stream().filter(at -> at >= 100).toList();
    assertThat(refused.get(1) - refused.get(0)).isLessThanOrEqualTo(DENSE_MILLIS);
    assertThat(refused.get(2) - refused.get(1)).isBetween(1_000L, 1_010L);
  }

  private static List<Long> connectionAttempts(
      int propagationSeconds, @Nullable Long left, @Nullable Long refusedFrom, long ended) {
    return connectionAttempts(
        new ConnectSchedule(ConnectSchedule.ENOUGH), propagationSeconds, left, refusedFrom, ended);
  }

  private static List<Long> connectionAttempts(
      ConnectSchedule schedule,
      int propagationSeconds,
      @Nullable Long left,
      @Nullable Long refusedFrom,
      long ended) {
    return connectionAttempts(
        schedule, propagationSeconds, left, refusedFrom, ended, CONNECT_MILLIS);
  }

  /** The whole of a termination, as the probe would follow it. */
  private static List<Long> connectionAttempts(
      ConnectSchedule schedule,
      int propagationSeconds,
      @Nullable Long left,
      @Nullable Long refusedFrom,
      long ended,
      long connectMillis) {
    List<Long> connectionAttempts = new ArrayList<>();
    int refusedInARow = 0;
    long now = 0;
    while (now < ended) {
      connectionAttempts.add(now);
      refusedInARow = refusedFrom != null && now >= refusedFrom ? refusedInARow + 1 : 0;
      now += connectMillis;
      OptionalLong wait =
          schedule.waitMillis(
              new Progress(
                  now,
                  (propagationSeconds + AFTERWARDS_SECONDS) * 1_000L,
                  left != null && left <= now ? left : null,
                  propagationSeconds,
                  refusedInARow > 0 ? refusedFrom : connectionAttempts.getLast(),
                  refusedInARow,
                  false,
                  null,
                  0),
              connectionAttempts.size());
      if (wait.isEmpty()) {
        return connectionAttempts;
      }
      assertThat(wait.getAsLong()).isPositive();
      now += wait.getAsLong();
    }
    return connectionAttempts;
  }

  /** The longest time without a connection that begins between the two moments. */
  private static long longestGap(List<Long> connectionAttempts, long from, long to) {
    long longest = 0;
    for (int i = 1; i < connectionAttempts.size(); i++) {
      long before = connectionAttempts.get(i - 1);
      if (before >= from && connectionAttempts.get(i) <= to) {
        longest = Math.max(longest, connectionAttempts.get(i) - before);
      }
    }
    assertThat(connectionAttempts.getLast())
        .as("the last connection")
        .isGreaterThanOrEqualTo(to - 1_010);
    return longest;
  }
}
