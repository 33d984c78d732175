package dev.graceful.rollout;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that was tried.
 *
 * @param what was tried
 * @param tries of the same in a row
 * @param atNanos of the latest try, on the monotonic clock
 */
public record Attempt<T, A>(Backoff backoff, T what, A answer, int tries, long atNanos) {

  /** The next attempt, one more in the row if the last was of the same. */
  public static <T, A> Attempt<T, A> next(
      @Nullable Attempt<T, A> last, Backoff backoff, T what, A answer, long nanos) {
    int tries = last != null && last.isOf(what) ? last.tries + 1 : 1;
    return new Attempt<>(backoff, what, answer, tries, nanos);
  }

  /** The same attempt, answered now. */
  public Attempt<T, A> answered(A given, long nanos) {
    return new Attempt<>(backoff, what, given, tries, nanos);
  }

  /** Whether this was tried. */
  public boolean isOf(T other) {
    return what.equals(other);
  }

  /** The time until the next try; not positive: now; null: there is none. */
  public @Nullable Duration left(long nanos) {
    Duration pause = backoff.pause(tries);
    return pause == null ? null : pause.minusNanos(nanos - atNanos);
  }

  /** Whether it is too early for another try. */
  public boolean waits(long nanos) {
    Duration left = left(nanos);
    return left != null && left.isPositive();
  }
}
