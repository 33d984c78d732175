package dev.graceful.telemetry;

import dev.graceful.judge.Drain;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The meters of one policy, which end with it. Used under one lock. */
final class PolicyMeters {

  private static final Duration[] MARGINS =
      Metrics.millis(
          50, 100, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000,
          300_000);

  private static final Duration[] DRAINS =
      Metrics.millis(
          100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 45_000, 60_000, 120_000,
          300_000, 600_000, 1_800_000, 3_600_000);

  private final MeterRegistry registry;
  private final Tags tags;
  private final Set<Meter> meters = new HashSet<>();

  PolicyMeters(MeterRegistry registry, PolicyName name) {
    this.registry = registry;
    this.tags = Tags.of("namespace", name.namespace(), "policy", name.policy());
    // From the beginning, as an increase from nothing is none to Prometheus.
    violatedRevisions();
  }

  void terminated(Judged termination) {
    Verdict verdict = termination.verdict();
    keep(Counter.builder("graceful.terminations")
            .description("Terminations that a report counts, by verdict and cause.")
            .tags(tags)
            .tags("verdict", verdict.name(), "cause", termination.timeline().cause().name())
            .register(registry))
        .increment();
    Long margin = verdict.marginMillis();
    if (margin != null) {
      keep(Timer.builder("graceful.margin")
              .description(
                  "How long pods were seen to serve after they had left their endpoints; zero"
                      + " if they stopped before.")
              .serviceLevelObjectives(MARGINS)
              .tags(tags)
              .register(registry))
          .record(Math.max(0, margin), TimeUnit.MILLISECONDS);
    }
    Drain drain = Drain.of(verdict);
    if (drain != null) {
      keep(Timer.builder("graceful.drain")
              .description(
                  "How long processes took to end, from when SIGTERM was due; the killed ones"
                      + " would have taken longer.")
              .serviceLevelObjectives(DRAINS)
              .tags(tags)
              .tag("killed", Boolean.toString(drain.killed()))
              .register(registry))
          .record(drain.millis(), TimeUnit.MILLISECONDS);
    }
  }

  Counter violatedRevisions() {
    return keep(
        Counter.builder("graceful.revisions.violated")
            .description("Revisions that TerminationsGraceful turned False of.")
            .tags(tags)
            .register(registry));
  }

  void remove() {
    meters.forEach(registry::remove);
  }

  private <T extends Meter> T keep(T meter) {
    meters.add(meter);
    return meter;
  }
}
