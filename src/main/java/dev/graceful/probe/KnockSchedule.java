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

  /** How many of the knocks are kept for the time after the window: a minute of them. */
  static final int KEPT_FOR_AFTERWARDS = 60;

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
    boolean spent = knocks >= MOST_KNOCKS - KEPT_FOR_AFTERWARDS;
    boolean decisive = now < FIRST_MILLIS || (left != null && now >= windowEnd - LAST_MILLIS);
    long wait = decisive && !(spent && now < FIRST_MILLIS) ? OFTEN_MILLIS : SELDOM_MILLIS;
    // Do not sleep through the beginning of the window's last second.
    long untilLast = windowEnd - LAST_MILLIS - now;
    return OptionalLong.of(
        untilLast > 0 ? Math.min(wait, Math.max(untilLast, OFTEN_MILLIS)) : wait);
  }
}
