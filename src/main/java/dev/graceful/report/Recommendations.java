package dev.graceful.report;

import dev.graceful.api.v1alpha1.Recommendation;
import dev.graceful.facts.Exposure;
import dev.graceful.judge.Seconds;
import org.jspecify.annotations.Nullable;

/** What a policy could say, by what was measured. */
final class Recommendations {

  private static final int MOST_DRAIN_SECONDS = 3_600;

  private Recommendations() {}

  /**
   * The recommendation.
   *
   * @param times of the pods of now; null: they are not to be held against it
   * @return null: there is nothing to say yet
   */
  static @Nullable Recommendation of(
      Exposure exposure, Measures measures, @Nullable PodTimes times) {
    Propagation propagation = Propagation.of(exposure, measures);
    boolean drained = measures.drains().count() > 0;
    if (propagation == null && !drained) {
      return null;
    }
    DrainNeed need = DrainNeed.of(measures.drains());
    Integer drain = drainSeconds(need);
    String message =
        (propagation == null ? "No Service has its pods." : propagation.message())
            + (drained ? " " + words(need, drain) : "")
            + (propagation == null || times == null ? "" : Chain.words(exposure, drain, times));
    return new Recommendation(propagation == null ? null : propagation.seconds(), drain, message);
  }

  private static @Nullable Integer drainSeconds(DrainNeed need) {
    return switch (need) {
      case DrainNeed.TooFew _, DrainNeed.SignalIgnored _, DrainNeed.NeverEnds _ -> null;
      case DrainNeed.Known known -> bounded(ceilSeconds(known.longestMillis() * 13 / 10) + 5);
      case DrainNeed.Longer longer -> bounded(2 * ceilSeconds(longer.longestMillis()));
    };
  }

  private static String words(DrainNeed need, @Nullable Integer seconds) {
    return switch (need) {
      case DrainNeed.TooFew few ->
          "drainSeconds: not known yet, %d of %d drains measured."
              .formatted(few.count(), DrainNeed.ENOUGH);
      case DrainNeed.Known known ->
          "drainSeconds: "
              + seconds
              + ", as the longest of "
              + known.count()
              + " drains took "
              + Seconds.of(known.longestMillis())
              + ".";
      case DrainNeed.Longer longer ->
          "drainSeconds: "
              + seconds
              + " to try, as "
              + longer.killed()
              + " of "
              + longer.count()
              + " were killed when their time was over: the longest drain is longer than the "
              + Seconds.of(longer.longestMillis())
              + " that were seen. If they are killed then too, more grace will not help.";
      case DrainNeed.SignalIgnored ignored ->
          "More grace will not help: "
              + ignored.ignored()
              + " of "
              + ignored.count()
              + " went on serving until they were killed, so nothing acts on SIGTERM.";
      case DrainNeed.NeverEnds never ->
          "More grace will not help: all "
              + never.count()
              + " were killed, after up to "
              + Seconds.of(never.longestMillis())
              + ". What holds them (kept-alive connections, a pool, stuck work) has to be ended by"
              + " the app.";
    };
  }

  private static int bounded(long seconds) {
    return (int) Math.max(1, Math.min(MOST_DRAIN_SECONDS, seconds));
  }

  /** Whole seconds that are no shorter. */
  static long ceilSeconds(long millis) {
    return (millis + 999) / 1_000;
  }
}
