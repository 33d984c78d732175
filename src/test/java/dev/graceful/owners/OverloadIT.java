package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An API server that takes no write to a Deployment for a while holds no verdict back. */
@Tag("control-planes")
final class OverloadIT {

  private static final ControlPlane PLANE = ControlPlane.connect("1.36");
  private static final String NAMESPACE = "overload";
  private static final Duration SOON = Duration.ofMinutes(5);

  /**
   * In it the operator tries at least five times: its pauses are 1, 2, 4, 8 and 16 seconds long.
   */
  private static final Duration OVERLOAD =
      Duration.ofSeconds(Integer.getInteger("overload.seconds", 40));

  /** What a verdict may take on top of what it took in the same run without the overload. */
  private static final double MORE_SECONDS = 1;

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  @Test
  void verdictsArePublishedWhileNoTemplateCanBeWritten() {
    OperatorProcess.install(PLANE);
    try (Fleet fleet = Fleet.launch(PLANE, NAMESPACE, 1);
        OperatorProcess operator = OperatorProcess.start(PLANE)) {
      fleet.govern("Never");
      fleet.need(SOON, "it is observed", () -> fleet.reasons().equals(Map.of("ObserveOnly", 1L)));
      for (int i = 0; i < 3; i++) {
        rollAndAwaitVerdict(fleet, operator);
      }
      Latency usual = Latency.of(operator.metrics());

      int turnedAway;
      try (TurningAway webhook = TurningAway.begin(PLANE, NAMESPACE, "app-000")) {
        GovernedBy.edit(PLANE, NAMESPACE, "{\"spec\": {\"apply\": \"Immediately\"}}");
        fleet.need(SOON, "its write fails", () -> fleet.reasons().containsKey("WriteFailed"));
        long untilNanos = System.nanoTime() + OVERLOAD.toNanos();
        while (System.nanoTime() - untilNanos < 0) {
          rollAndAwaitVerdict(fleet, operator);
          OperatorProcess.sleep(Duration.ofSeconds(5));
        }
        turnedAway = webhook.count();
      }
      Latency overloaded = Latency.of(operator.metrics()).since(usual);
      fleet.need(
          SOON,
          "it is written at last",
          () -> fleet.allProtected() && fleet.reasons().equals(Map.of("Programmed", 1L)));

      System.out.printf(
          "OverloadIT: verdicts took %.0f ms on average before, %.0f ms (%.0f of them) while %d"
              + " writes were turned away%n",
          usual.meanSeconds() * 1_000,
          overloaded.meanSeconds() * 1_000,
          overloaded.count(),
          turnedAway);
      assertThat(overloaded.meanSeconds()).isLessThan(usual.meanSeconds() + MORE_SECONDS);
      // The pauses between its tries double up to half a minute.
      assertThat(turnedAway).isBetween(5, 20);
    }
  }

  /** By its owner; one old pod ends in it. */
  private static void rollAndAwaitVerdict(Fleet fleet, OperatorProcess operator) {
    double before = Latency.of(operator.metrics()).count();
    PLANE
        .tools()
        .need(
            "kubectl",
            "set",
            "env",
            "deployment/app-000",
            "--namespace",
            NAMESPACE,
            "ROUND=" + (long) before);
    fleet.need(
        SOON, "its verdict is published", () -> Latency.of(operator.metrics()).count() > before);
    fleet.need(SOON, "it settles", fleet::allSettled);
  }

  /** From the last evidence of a termination to its verdict, of so many, in all. */
  private record Latency(double count, double sumSeconds) {

    static Latency of(String metrics) {
      return new Latency(
          OperatorProcess.total(metrics, "graceful_verdict_latency_seconds_count"),
          OperatorProcess.total(metrics, "graceful_verdict_latency_seconds_sum"));
    }

    Latency since(Latency earlier) {
      return new Latency(count - earlier.count, sumSeconds - earlier.sumSeconds);
    }

    double meanSeconds() {
      return sumSeconds / count;
    }
  }
}
