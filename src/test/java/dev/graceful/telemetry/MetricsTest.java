package dev.graceful.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodRef;
import dev.graceful.judge.Cause;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Ports;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import dev.graceful.judge.Verification;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What Prometheus reads. */
// The registry that this version of Quarkus brings along.
@SuppressWarnings("deprecation")
class MetricsTest {

  private static final PolicyName WEB = new PolicyName("shop", "web");
  private static final String LABELS = "{namespace=\"shop\",policy=\"web\",";
  private static final String OF_WEB = "{namespace=\"shop\",policy=\"web\",}";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Metrics metrics = new Metrics(registry);

  @Test
  void terminationsAreCountedByVerdictAndCause() {
    metrics.policy(WEB);

    report(servedAndEnded("a", 8_000), servedAndEnded("b", 9_000));
    report(Timeline.unseen(pod("c"), Unseen.OperatorAway));

    assertThat(sample("graceful_terminations_total{cause=\"Rollout\",namespace=\"shop\","))
        .endsWith("verdict=\"ConnectionsServed\",} 2.0");
    assertThat(sample("graceful_terminations_total{cause=\"Other\",namespace=\"shop\","))
        .endsWith("verdict=\"Inconclusive\",} 1.0");
    assertThat(registry.scrape()).doesNotContain("pod=").doesNotContain("deployment=");
  }

  @Test
  void marginsGoIntoBuckets() {
    metrics.policy(WEB);

    report(servedAndEnded("a", 8_000));

    assertThat(sample("graceful_margin_seconds_bucket" + LABELS + "le=\"5.0\"")).endsWith(" 0.0");
    assertThat(sample("graceful_margin_seconds_bucket" + LABELS + "le=\"10.0\"")).endsWith(" 1.0");
  }

  @Test
  void aMarginBelowZeroIsCountedAsNone() {
    metrics.policy(WEB);

    report(refusedBeforeItLeft("a"));

    assertThat(sample("graceful_margin_seconds_bucket" + LABELS + "le=\"0.05\"")).endsWith(" 1.0");
    assertThat(sample("graceful_margin_seconds_sum" + OF_WEB)).endsWith(" 0.0");
  }

  @Test
  void drainsAreCountedFromSigtermAndTheKilledOnesApart() {
    metrics.policy(WEB);

    report(servedAndEnded("a", 8_000), killed("b"));

    assertThat(sample("graceful_drain_seconds_sum{killed=\"false\"")).endsWith(" 2.0");
    assertThat(sample("graceful_drain_seconds_sum{killed=\"true\"")).endsWith(" 30.0");
  }

  @Test
  void violatedRevisionsAreThereBeforeTheFirst() {
    metrics.policy(WEB);
    assertThat(sample("graceful_revisions_violated_total" + OF_WEB)).endsWith(" 0.0");

    metrics.violated(WEB);
    assertThat(sample("graceful_revisions_violated_total" + OF_WEB)).endsWith(" 1.0");
  }

  @Test
  void theFiguresOfAPolicyEndWithIt() {
    PolicyName other = new PolicyName("shop", "other");
    metrics.policy(WEB);
    metrics.policy(other);
    report(servedAndEnded("a", 8_000), killed("b"));
    metrics.violated(WEB);

    metrics.policyGone(WEB);
    // A reconciliation that was under way.
    report(servedAndEnded("c", 8_000));
    metrics.violated(WEB);

    assertThat(registry.scrape()).doesNotContain("policy=\"web\"").contains("policy=\"other\"");
  }

  @Test
  void aPolicyThatComesBackBeginsAnew() {
    metrics.policy(WEB);
    metrics.violated(WEB);
    metrics.policyGone(WEB);

    metrics.policy(WEB);

    assertThat(sample("graceful_revisions_violated_total" + OF_WEB)).endsWith(" 0.0");
  }

  @Test
  void theTimeToAVerdictIsOneHistogramForAll() {
    metrics.verdictPublished(Duration.ofMillis(120));
    metrics.verdictPublished(Duration.ofMillis(251));

    String bucket = "graceful_verdict_latency_seconds_bucket{le=";
    assertThat(sample(bucket + "\"0.1\"")).endsWith(" 0.0");
    assertThat(sample(bucket + "\"0.125\"")).endsWith(" 1.0");
    assertThat(sample(bucket + "\"0.25\"")).endsWith(" 1.0");
    assertThat(sample(bucket + "\"0.3\"")).endsWith(" 2.0");
    assertThat(sample("graceful_verdict_latency_seconds_count")).endsWith(" 2.0");
  }

  @Test
  void theProbesLoadIsReadWhenItIsAskedFor() {
    var sent = new AtomicLong(3);
    metrics.probe(Map.of("Lagging", sent::get), () -> 2);
    sent.set(7);
    System.gc();

    assertThat(sample("graceful_probe_requests_total{client=\"Lagging\",}")).endsWith(" 7.0");
    assertThat(sample("graceful_probed_pods")).endsWith(" 2.0");
  }

  private void report(Timeline... terminations) {
    metrics.reported(WEB, Arrays.stream(terminations).map(Judge::judge).toList());
  }

  private String sample(String start) {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + start + " in\n" + registry.scrape()));
  }

  /** With a preStop sleep of 6 s; it left after 0.1 s and was seen to serve until 6.1 s. */
  private static Timeline servedAndEnded(String pod, long endedMillis) {
    return timeline(
        pod,
        6,
        new Ending(
            endedMillis,
            List.of(
                new ContainerEnd("app", ContainerEnd.Role.Serves, new Exit(0, "Completed", null)))),
        new ConnectionAttempt(50, ConnectOutcome.Accepted),
        new ConnectionAttempt(6_100, ConnectOutcome.Accepted));
  }

  private static Timeline killed(String pod) {
    return timeline(
        pod,
        0,
        new Ending(
            30_000,
            List.of(
                new ContainerEnd("app", ContainerEnd.Role.Serves, new Exit(137, "Error", null)))),
        new ConnectionAttempt(29_500, ConnectOutcome.Accepted));
  }

  private static Timeline refusedBeforeItLeft(String pod) {
    return timeline(
        pod,
        0,
        new Ending(
            2_000,
            List.of(
                new ContainerEnd("app", ContainerEnd.Role.Serves, new Exit(0, "Completed", null)))),
        new ConnectionAttempt(10, ConnectOutcome.Accepted),
        new ConnectionAttempt(40, ConnectOutcome.Refused),
        new ConnectionAttempt(60, ConnectOutcome.Refused));
  }

  private static Timeline timeline(
      String pod, int sleepSeconds, Ending ending, ConnectionAttempt... connectionAttempts) {
    return new Timeline(
        pod(pod),
        Cause.Rollout,
        new Timeline.Template(sleepSeconds, sleepSeconds * 1_000L, false, true, null),
        sleepSeconds + 30,
        null,
        5,
        Verification.Reached,
        null,
        Ports.NONE,
        null,
        true,
        true,
        null,
        100L,
        false,
        null,
        new SigtermWindow(sleepSeconds * 1_000L, sleepSeconds * 1_000L),
        null,
        ending,
        null,
        List.of(connectionAttempts),
        List.of(),
        null,
        List.of(),
        null);
  }

  private static PodRef pod(String name) {
    return new PodRef("shop", name, name);
  }
}
