package dev.graceful.judge;

import org.jspecify.annotations.Nullable;

/**
 * A grace period that whoever deleted the pod cut short.
 *
 * @param givenSeconds what the deletions left of it
 * @param fullSeconds what the pod would have had
 */
public record GraceCut(long givenSeconds, long fullSeconds) {

  /**
   * What several deletions make of a grace period.
   *
   * @param firstSeconds of the first one; 0: none was given, and none was cut short
   * @param leastSeconds the least of them all
   * @param templateSeconds what the pod's template gives it; 0: not known
   * @return null: it had all of it
   */
  static @Nullable GraceCut of(long firstSeconds, long leastSeconds, long templateSeconds) {
    long full = Math.max(firstSeconds, templateSeconds);
    return firstSeconds == 0 || leastSeconds >= full ? null : new GraceCut(leastSeconds, full);
  }
}
