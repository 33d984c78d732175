package dev.graceful.report;

import dev.graceful.api.v1alpha1.MeasuredDrains;

/** What the measured drains say of the time that a process needs after SIGTERM. */
sealed interface DrainNeed {

  /** So many are needed before the longest of them stands for what is to come. */
  int ENOUGH = 20;

  /** So many that all end the same way are no accident. */
  int NO_ACCIDENT = 3;

  /** Nothing can be said yet. */
  record TooFew(int count) implements DrainNeed {}

  /** All ended by themselves. */
  record Known(int count, long longestMillis) implements DrainNeed {}

  /** Some were killed, so the longest of all was not seen to its end. */
  record Longer(int count, int killed, long longestMillis) implements DrainNeed {}

  /** They served until SIGKILL: no time is long enough for who does not listen. */
  record SignalIgnored(int count, int ignored) implements DrainNeed {}

  /** Not one ended by itself: what holds them does not let go with time. */
  record NeverEnds(int count, long longestMillis) implements DrainNeed {}

  /** What these drains say. */
  static DrainNeed of(MeasuredDrains drains) {
    int count = drains.count();
    if (drains.signalIgnored() >= NO_ACCIDENT && drains.signalIgnored() * 2 >= count) {
      return new SignalIgnored(count, drains.signalIgnored());
    }
    if (drains.killed() >= NO_ACCIDENT && drains.killed() == count) {
      return new NeverEnds(count, drains.longestMillis());
    }
    if (count < ENOUGH) {
      return new TooFew(count);
    }
    return drains.killed() > 0
        ? new Longer(count, drains.killed(), drains.longestMillis())
        : new Known(count, drains.longestMillis());
  }
}
