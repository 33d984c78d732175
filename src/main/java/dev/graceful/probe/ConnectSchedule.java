package dev.graceful.probe;

import java.util.OptionalLong;

/**
 * When the lagging client connects to a terminating pod: often where the answer decides, seldom
 * elsewhere.
 *
 * @param most so many connections a pod; with fewer than {@value #ENOUGH} they come further apart
 */
record ConnectSchedule(int most) {

  /** So many are enough for the intervals below. */
  static final int ENOUGH = 99;

  static final long OFTEN_MILLIS = 50;
  static final long SELDOM_MILLIS = 500;
  static final long AFTERWARDS_MILLIS = 1_000;
  static final long FIRST_MILLIS = 2_000;
  static final long LAST_MILLIS = 1_000;

  /** Of enough, so many are kept for the time after the window. */
  private static final int KEPT_FOR_AFTERWARDS = 15;

  /**
   * How long to wait before the next connection, in milliseconds.
   *
   * @param connectionAttempts how many there were
   * @return empty: no more
   */
  OptionalLong waitMillis(Progress progress, int connectionAttempts) {
    int remaining = most - connectionAttempts;
    if (remaining <= 0) {
      return OptionalLong.empty();
    }
    long now = progress.elapsedMillis();
    long untilDeadline = Math.max(0, progress.graceMillis() - now);
    // Until it has left, the window is open-ended: it cannot close before left + propagation.
    Long left = progress.leftMillis();
    long windowEnd = (left == null ? now : left) + progress.propagationSeconds() * 1_000L;
    if (progress.refusedInARow() < 2 && isToBeServedYet(progress, windowEnd)) {
      return OptionalLong.of(oftenMillis());
    }
    if (now > windowEnd || progress.refusedInARow() >= 2) {
      // What is left has to last to the deadline: whether it answered until then is of interest.
      return OptionalLong.of(
          Math.max(AFTERWARDS_MILLIS, (untilDeadline - AFTERWARDS_MILLIS) / remaining));
    }
    long untilLast = windowEnd - LAST_MILLIS - now;
    if (now < FIRST_MILLIS || (left != null && untilLast <= 0)) {
      return OptionalLong.of(oftenMillis());
    }
    // Between, connections come further apart in a long window: some are left for its end.
    long spare = Math.max(1, remaining - keptForTheEnd());
    if (left == null) {
      return OptionalLong.of(Math.max(SELDOM_MILLIS, untilDeadline / spare));
    }
    long wait = Math.max(SELDOM_MILLIS, untilLast / spare);
    // Do not sleep through the beginning of the window's last second.
    return OptionalLong.of(Math.min(wait, Math.max(untilLast, oftenMillis())));
  }

  /** The window is just over, and no served connection has begun since: that one is the proof. */
  private static boolean isToBeServedYet(Progress progress, long windowEnd) {
    long now = progress.elapsedMillis();
    Long served = progress.servedMillis();
    return progress.leftMillis() != null
        && now >= windowEnd
        && now < windowEnd + LAST_MILLIS
        && (served == null || served < windowEnd);
  }

  private long oftenMillis() {
    return most >= ENOUGH ? OFTEN_MILLIS : OFTEN_MILLIS * ENOUGH / most;
  }

  /** For the window's last second and for the time after it. */
  private int keptForTheEnd() {
    return (int) (LAST_MILLIS / oftenMillis())
        + KEPT_FOR_AFTERWARDS * Math.min(most, ENOUGH) / ENOUGH;
  }
}
