package dev.graceful.telemetry;

import dev.graceful.judge.Judged;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What the operator counts. Labels are the names of policies and their namespaces, and words of the
 * operator's own: never those of pods or Deployments. What is counted of a policy ends with it; of
 * one that is not known (any more) nothing is counted. Thread-safe.
 */
@Singleton
public final class Metrics {

  /** Fine where the promise is: half of the verdicts within 250 ms, and 99 of 100 within 1 s. */
  private static final Duration[] LATENCIES =
      millis(
          10, 25, 50, 75, 100, 125, 150, 175, 200, 225, 250, 300, 350, 400, 500, 600, 700, 800, 900,
          1_000, 1_500, 2_000, 5_000, 10_000, 30_000, 60_000);

  private final MeterRegistry registry;
  private final Timer verdictLatency;
  private final Map<PolicyName, PolicyMeters> policies = new ConcurrentHashMap<>();

  /** Meters that read what others count. The registry alone would let them be collected. */
  private final Map<String, LongSupplier> probeRequests = new ConcurrentHashMap<>();

  /** Counts in this registry. */
  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    this.verdictLatency =
        Timer.builder("graceful.verdict.latency")
            .description(
                "From the last evidence of a termination until the write of the report with its"
                    + " condition has returned.")
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
  }

  /** A policy is there: from now on it is counted for. */
  public void policy(PolicyName name) {
    policies.computeIfAbsent(name, n -> new PolicyMeters(registry, n));
  }

  /** A policy is gone, and its figures with it. */
  public void policyGone(PolicyName name) {
    policies.computeIfPresent(
        name,
        (n, meters) -> {
          meters.remove();
          return null;
        });
  }

  /** A report counts these terminations since its last write, which has succeeded. */
  public void reported(PolicyName name, Collection<Judged> terminations) {
    policies.computeIfPresent(
        name,
        (n, meters) -> {
          terminations.forEach(meters::terminated);
          return meters;
        });
  }

  /** A revision has turned out to be ended without grace, for the first time. */
  public void violated(PolicyName name) {
    policies.computeIfPresent(
        name,
        (n, meters) -> {
          meters.violatedRevisions().increment();
          return meters;
        });
  }

  /**
   * Counts a verdict whose condition has been written.
   *
   * @param latency since the last evidence of it
   */
  public void verdictPublished(Duration latency) {
    verdictLatency.record(latency);
  }

  /**
   * Shows what the probe has sent. To be called once.
   *
   * @param requests of each kind of client, since the operator started
   * @param pods how many are probed now
   */
  public void probe(Map<String, LongSupplier> requests, IntSupplier pods) {
    probeRequests.putAll(requests);
    probeRequests.forEach(
        (client, sent) ->
            FunctionCounter.builder("graceful.probe.requests", sent, LongSupplier::getAsLong)
                .description("Requests and bare connections that the operator has sent to pods.")
                .tag("client", client)
                .register(registry));
    Gauge.builder("graceful.probed.pods", pods::getAsInt)
        .description("Terminating pods that are probed now.")
        .strongReference(true)
        .register(registry);
  }

  static Duration[] millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
