package dev.graceful.report;

import dev.graceful.api.v1alpha1.MeasuredDrains;
import dev.graceful.api.v1alpha1.MeasuredSlices;
import dev.graceful.judge.Drain;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.finding.KilledAtDeadline.Why;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of all terminations is remembered when their timelines are gone: a few numbers. */
record Measures(MeasuredDrains drains, MeasuredSlices slices) {

  static final Measures NONE =
      new Measures(new MeasuredDrains(0, 0, 0, 0), new MeasuredSlices(0, 0));

  /** What a report has; nulls count as nothing. */
  static Measures of(@Nullable MeasuredDrains drains, @Nullable MeasuredSlices slices) {
    return new Measures(
        drains == null ? NONE.drains : drains, slices == null ? NONE.slices : slices);
  }

  /** These and another termination. */
  Measures with(Judged termination) {
    return plus(
        new Measures(drains(Drain.of(termination.verdict())), slices(termination.timeline())));
  }

  /** Those of several revisions together. */
  static Measures sum(Stream<Measures> all) {
    return all.reduce(NONE, Measures::plus);
  }

  private Measures plus(Measures other) {
    return new Measures(
        new MeasuredDrains(
            drains.count() + other.drains.count(),
            Math.max(drains.longestMillis(), other.drains.longestMillis()),
            drains.killed() + other.drains.killed(),
            drains.signalIgnored() + other.drains.signalIgnored()),
        new MeasuredSlices(
            slices.count() + other.slices.count(),
            Math.max(slices.slowestMillis(), other.slices.slowestMillis())));
  }

  private static MeasuredDrains drains(@Nullable Drain drain) {
    return drain == null
        ? NONE.drains
        : new MeasuredDrains(
            1, drain.millis(), drain.killed() ? 1 : 0, drain.why() == Why.SignalIgnored ? 1 : 0);
  }

  private static MeasuredSlices slices(Timeline timeline) {
    Long left = timeline.leftMillis();
    // Where a watch was down, that the slice was seen late says nothing of the slice.
    return left == null || !timeline.blindSpots().isEmpty()
        ? NONE.slices
        : new MeasuredSlices(1, left);
  }

  /** Null if nothing was measured: then nothing is written. */
  @Nullable MeasuredDrains drainsOrNull() {
    return drains.count() == 0 ? null : drains;
  }

  /** Null if nothing was measured: then nothing is written. */
  @Nullable MeasuredSlices slicesOrNull() {
    return slices.count() == 0 ? null : slices;
  }
}
