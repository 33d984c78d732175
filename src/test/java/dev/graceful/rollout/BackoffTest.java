package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When what did not succeed is tried again. */
class BackoffTest {

  /** About to overflow. */
  private static final long NOW = Duration.ofNanos(Long.MAX_VALUE).minusNanos(5).toNanos();

  @Test
  void aPauseGrowsUpToItsLimit() {
    assertThat(seconds(Backoff.WRITE_FAILED, 8))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    assertThat(seconds(Backoff.REFUSED, 8))
        .containsExactly(60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L);
    assertThat(seconds(Backoff.OUTDATED, 2)).containsExactly(1L, 1L);
  }

  @Test
  void aReadinessProbeThatGoesOnFailingIsNotTriedAnyMore() {
    assertThat(seconds(Backoff.READINESS, 5)).containsExactly(2L, 5L, 15L, 60L, 300L);
    assertThat(Backoff.READINESS.pause(6)).isNull();
  }

  @Test
  void aPauseBeginsWithTheTry() {
    // given
    Attempt<String, String> first = Attempt.next(null, Backoff.WRITE_FAILED, "write", "no", NOW);

    // then the clock may overflow
    assertThat(first.left(NOW)).isEqualTo(Duration.ofSeconds(1));
    assertThat(first.left(NOW + 400_000_000L)).isEqualTo(Duration.ofMillis(600));
    assertThat(first.waits(NOW + 999_999_999L)).isTrue();
    assertThat(first.waits(NOW + 1_000_000_000L)).isFalse();
  }

  @Test
  void tryingTheSameAgainIsOneMoreInTheRow() {
    // given
    Attempt<String, String> first = Attempt.next(null, Backoff.REFUSED, "a", "no", NOW);

    // when
    Attempt<String, String> second = Attempt.next(first, Backoff.REFUSED, "a", "still no", NOW + 9);
    Attempt<String, String> other = Attempt.next(second, Backoff.REFUSED, "b", "no", NOW);

    // then
    assertThat(second).isEqualTo(new Attempt<>(Backoff.REFUSED, "a", "still no", 2, NOW + 9));
    assertThat(second.isOf("a")).isTrue();
    assertThat(second.isOf("b")).isFalse();
    assertThat(other.tries()).isEqualTo(1);
  }

  @Test
  void anAnswerComesLaterThanTheQuestionAndIsOfTheSameTry() {
    // given
    Attempt<String, String> asked = Attempt.next(null, Backoff.READINESS, "probe", "", NOW);

    // then
    assertThat(asked.answered("404", NOW + 7))
        .isEqualTo(new Attempt<>(Backoff.READINESS, "probe", "404", 1, NOW + 7));
  }

  @Test
  void afterTheLastTryThereIsNothingToWaitFor() {
    // given
    var last = new Attempt<>(Backoff.READINESS, "probe", "404", 6, NOW);

    // then
    assertThat(last.left(NOW)).isNull();
    assertThat(last.waits(NOW)).isFalse();
  }

  private static List<Long> seconds(Backoff backoff, int tries) {
    return IntStream.rangeClosed(1, tries)
        .mapToObj(backoff::pause)
        .map(pause -> Objects.requireNonNull(pause).toSeconds())
        .toList();
  }
}
