package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {

  private static final String METRICS =
      """
      # TYPE graceful_verdict_latency_seconds histogram
      graceful_verdict_latency_seconds_bucket{le="0.1"} 60.0
      graceful_verdict_latency_seconds_bucket{le="0.25"} 98
      graceful_verdict_latency_seconds_bucket{le="1.0"} 99
      graceful_verdict_latency_seconds_bucket{le="+Inf"} 100
      graceful_verdict_latency_seconds_sum 12.5
      graceful_other_seconds_bucket{le="0.1"} 7
      """;

  @Test
  void percentileIsTheBoundOfTheBucketThatItFallsInto() {
    Latency latency = Latency.of(METRICS).orElseThrow();

    assertThat(latency.verdicts()).isEqualTo(100);
    assertThat(latency.seconds(0.5)).isEqualTo(0.1);
    assertThat(latency.seconds(0.98)).isEqualTo(0.25);
    assertThat(latency.seconds(0.99)).isEqualTo(1);
    assertThat(latency.seconds(1)).isInfinite();
  }

  @Test
  void severalProcessesAreAddedUp() {
    Latency one = Latency.of(METRICS).orElseThrow();

    assertThat(Latency.sum(List.of(one, one)).verdicts()).isEqualTo(200);
  }

  @Test
  void metricsWithoutItSayNothing() {
    assertThat(Latency.of("up 1")).isEmpty();
  }
}
