package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the packaged operator serves at /q/metrics, after a few rollouts. */
@Tag("control-planes")
final class MetricsIT {

  private static final int SIZE = 4;
  private static final ControlPlane PLANE = ControlPlane.connect("1.36");

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  @Test
  void everyTerminationIsCountedOnceAndTheFiguresEndWithThePolicy() {
    OperatorProcess.install(PLANE);
    try (Fleet fleet = Fleet.launch(PLANE, "metrics", SIZE);
        OperatorProcess operator = OperatorProcess.start(PLANE)) {
      fleet.govern("Never");
      fleet.need(Duration.ofMinutes(5), "all are decided", fleet::allDecided);
      fleet.rollAll();
      fleet.need(
          Duration.ofMinutes(10),
          "all terminations are counted",
          () -> OperatorProcess.total(operator.metrics(), "graceful_terminations_total") >= SIZE);
      fleet.awaitQuiet(Duration.ofSeconds(5));

      String metrics = operator.metrics();
      assertThat(OperatorProcess.total(metrics, "graceful_terminations_total")).isEqualTo(SIZE);
      assertThat(OperatorProcess.total(metrics, "graceful_verdict_latency_seconds_count"))
          .isEqualTo(SIZE);
      assertThat(metrics)
          .contains("graceful_revisions_violated_total{namespace=\"metrics\",policy=\"")
          .contains("graceful_probe_requests_total{client=\"Lagging\"")
          .contains("graceful_probed_pods 0.0")
          .contains("jvm_memory_used_bytes");
      // Whatever other libraries count, no name of an object of the cluster is in it.
      assertThat(metrics).doesNotContain("app-00").doesNotContain("/apis/");

      PLANE.deletePolicy("metrics");
      fleet.need(
          Duration.ofMinutes(5),
          "the policy's figures are gone",
          () -> !operator.metrics().contains("namespace=\"metrics\""));
    }
  }
}
