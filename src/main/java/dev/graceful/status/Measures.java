package dev.graceful.status;

import dev.graceful.api.v1alpha1.MeasuredDrains;
import dev.graceful.api.v1alpha1.MeasuredSlices;
import dev.graceful.judge.Drain;
import dev.graceful.judge.Finding.KilledAtDeadline.Why;
import dev.graceful.judge.Verdict;
import dev.graceful.observe.Timeline;
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
  Measures with(Timeline timeline, Verdict verdict) {
    return new Measures(with(drains, Drain.of(verdict)), with(slices, timeline));
  }

  private static MeasuredDrains with(MeasuredDrains drains, @Nullable Drain drain) {
    if (drain == null) {
      return drains;
    }
    return new MeasuredDrains(
        drains.count() + 1,
        Math.max(drains.longestMillis(), drain.millis()),
        drains.killed() + (drain.killed() ? 1 : 0),
        drains.signalIgnored() + (drain.why() == Why.SignalIgnored ? 1 : 0));
  }

  private static MeasuredSlices with(MeasuredSlices slices, Timeline timeline) {
    Long left = timeline.leftMillis();
    // Where a watch was down, that the slice was seen late says nothing of the slice.
    if (left == null || !timeline.blindSpots().isEmpty()) {
      return slices;
    }
    return new MeasuredSlices(slices.count() + 1, Math.max(slices.slowestMillis(), left));
  }

  /** Those of several revisions together. */
  static Measures sum(Stream<Measures> all) {
    return all.reduce(
        NONE,
        (a, b) ->
            new Measures(
                new MeasuredDrains(
                    a.drains.count() + b.drains.count(),
                    Math.max(a.drains.longestMillis(), b.drains.longestMillis()),
                    a.drains.killed() + b.drains.killed(),
                    a.drains.signalIgnored() + b.drains.signalIgnored()),
                new MeasuredSlices(
                    a.slices.count() + b.slices.count(),
                    Math.max(a.slices.slowestMillis(), b.slices.slowestMillis()))));
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
