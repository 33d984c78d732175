package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.owners.AuditLog.Call;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What many Deployments cost, seen in the API server's audit log. {@code -Dfleet.size=2000} says
 * how many, {@code -Didle.seconds=600} how long to listen when nothing is to do.
 */
@Tag("control-planes")
final class FleetIT {

  private static final int SIZE = Integer.getInteger("fleet.size", 60);
  private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("idle.seconds", 20));

  /** The template, the let-go, and one of the two once more after a crash. */
  private static final int MOST_WRITES = 3;

  private static final ControlPlane PLANE = ControlPlane.connect("1.36");
  private static final AuditLog AUDIT = new AuditLog(PLANE.auditLog());

  @BeforeAll
  static void theChartIsInstalled() {
    OperatorProcess.install(PLANE);
  }

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  @Test
  void aPolicyOnRolloutWritesNoTemplateAndThenAsksForNothing() {
    OperatorProcess.install(PLANE);
    long begin = AUDIT.end();
    try (Fleet fleet = Fleet.launch(PLANE, "fleet-on-rollout", SIZE);
        OperatorProcess _ = OperatorProcess.start(PLANE)) {
      fleet.govern("OnRollout");
      fleet.need(Duration.ofMinutes(10), "all are decided", fleet::allDecided);
      fleet.awaitQuiet(Duration.ofSeconds(5));

      assertThat(fleet.changedInOrder()).as("Deployments that the policy changed").isEmpty();

      fleet.rollAll();
      fleet.need(Duration.ofMinutes(20), "all are protected", fleet::allProtected);
      fleet.need(Duration.ofMinutes(10), "all settle", fleet::allSettled);
      fleet.awaitQuiet(Duration.ofSeconds(10));

      assertThat(templateWrites("fleet-on-rollout", begin)).as("the operator's writes").isEmpty();

      long idle = AUDIT.end();
      OperatorProcess.sleep(IDLE);
      List<Call> calls =
          AUDIT.operatorsSince(idle).stream()
              .filter(call -> !call.verb().equals("watch") && !call.resource().equals("leases"))
              .toList();
      assertThat(calls).as("calls within %d s of idleness", IDLE.toSeconds()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"3, false", "1, true"})
  void immediatelyKeepsTheBudgetAndTheOrder(int mostAtOnce, boolean crash) {
    OperatorProcess.install(PLANE, "apply.mostAtOnce=" + mostAtOnce);
    String namespace = "fleet-at-most-" + mostAtOnce;
    long begin = AUDIT.end();
    try (Fleet fleet = Fleet.launch(PLANE, namespace, SIZE);
        OperatorProcess operator = OperatorProcess.start(PLANE)) {
      fleet.govern("Immediately");
      if (crash) {
        fleet.need(
            Duration.ofMinutes(20), "some are protected", () -> fleet.protectedCount() >= SIZE / 3);
        operator.killAndStartAgain();
      }
      fleet.need(Duration.ofMinutes(60), "all are protected", fleet::allProtected);
      fleet.need(Duration.ofMinutes(10), "all settle", fleet::allSettled);
      fleet.awaitQuiet(Duration.ofSeconds(5));

      assertThat(fleet.mostRolling()).as("rolling at once").isLessThanOrEqualTo(mostAtOnce);
      List<String> order = fleet.changedInOrder();
      assertThat(order).as("changed once each").doesNotHaveDuplicates().hasSize(SIZE);
      // Those whose turn it is at the same time are written in any order. One that takes its time
      // keeps its place, and is passed by those that roll in the other places.
      assertThat(order)
          .allSatisfy(
              name ->
                  assertThat(order.subList(order.indexOf(name), order.size()))
                      .filteredOn(later -> later.compareTo(name) < 0)
                      .as("written after %s, though earlier by name", name)
                      .hasSizeLessThan(mostAtOnce));
      assertThat(templateWrites(namespace, begin))
          .as("writes to each Deployment")
          .hasSize(SIZE)
          .allSatisfy((name, writes) -> assertThat(writes).isLessThanOrEqualTo(MOST_WRITES));
    }
  }

  /** By Deployment, how often the operator wrote to it; dry runs are no writes. */
  private static Map<String, Integer> templateWrites(String namespace, long since) {
    return AUDIT.operatorsSince(since).stream()
        .filter(call -> call.writes() && call.isOf("deployments", namespace))
        .collect(Collectors.toMap(Call::name, _ -> 1, Integer::sum, HashMap::new));
  }
}
