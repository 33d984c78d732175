package dev.graceful.probe;

import dev.graceful.observe.Terminations.Progress;
import java.util.OptionalLong;

/**
 * When to knock at a terminating pod: often where the answer decides, seldom elsewhere, and never
 * more than {@value #MOST_KNOCKS} times.
 */
public final class KnockSchedule {

  /** At most so many knocks a pod. */
  public static final int MOST_KNOCKS = 150;

  static final long OFTEN_MILLIS = 50;
  static final long SELDOM_MILLIS = 500;
  static final long AFTERWARDS_MILLIS = 1_000;
  static final long FIRST_MILLIS = 2_000;
  static final long LAST_MILLIS = 1_000;

  /** So many knocks are kept for the window's last second and for the time after it. */
  static final int KEPT_FOR_THE_END = 45;

  private KnockSchedule() {}

  /**
   * How long to wait before the next knock, in milliseconds.
   *
   * @param knocks how many there were
   * @return empty: no more
   */
  public static OptionalLong waitMillis(Progress progress, int knocks) {
    if (knocks >= MOST_KNOCKS) {
      return OptionalLong.empty();
    }
    long now = progress.elapsedMillis();
    // Until it has left, the window is open-ended: it cannot close before left + propagation.
    Long left = progress.leftMillis();
    long windowEnd = (left == null ? now : left) + progress.propagationSeconds() * 1_000L;
    if (now > windowEnd || progress.refusedInARow() >= 2) {
      return OptionalLong.of(AFTERWARDS_MILLIS);
    }
    long untilLast = windowEnd - LAST_MILLIS - now;
    if (now < FIRST_MILLIS || (left != null && untilLast <= 0)) {
      return OptionalLong.of(OFTEN_MILLIS);
    }
    if (left == null) {
      return OptionalLong.of(SELDOM_MILLIS);
    }
    // Between, a long window gets its knocks further apart, so that some are left for its end.
    long spare = Math.max(1, MOST_KNOCKS - KEPT_FOR_THE_END - knocks);
    long wait = Math.max(SELDOM_MILLIS, untilLast / spare);
    // Do not sleep through the beginning of the window's last second.
    return OptionalLong.of(Math.min(wait, Math.max(untilLast, OFTEN_MILLIS)));
  }
}
