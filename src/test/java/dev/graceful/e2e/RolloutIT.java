package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.ClientStats.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator's word agrees with what the clients saw. */
@ExtendWith(OperatorExtension.class)
final class RolloutIT {

  private static final int REPLICAS = 4;

  private final Suite suite;

  RolloutIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  void appThatStopsAtOnceDropsConnectionsAndIsCalledViolated() {
    try (Scenario act = suite.act("e2e-rollout-1", shape(Pattern.TEXTBOOK), Suite.BUSY)) {
      act.apply(new Policy(Apply.Never, 5, 20));
      act.rollOut(suite.capacity().rolloutsThatShowDrops());

      assertThat(act.workload().hasPreStopSleep()).isFalse();
      assertThat(act.clients().failedCount(Kind.NEW)).isPositive();
      // A pod whose requests were cut as well is called so first.
      assertThat(act.verdicts().keySet()).isSubsetOf("StoppedServingEarly", "CutConnections");
      assertThat(act.verdicts()).containsKey("StoppedServingEarly");
      assertGraceful(act, Condition.Status.False);
    }
  }

  @Test
  void sleepSavesItsNewConnectionsAndNothingMoreIsClaimed() {
    try (Scenario act = protectedAct("e2e-rollout-2", Pattern.TEXTBOOK)) {
      Scenario.RolloutResult result = act.rollOut();

      assertThat(result.clients().failed(Kind.NEW)).as("failures of %s", result).isEmpty();
      assertThat(result.verdicts())
          .as("the verdicts of %s", result)
          .doesNotContainKeys("StoppedServingEarly", "Inconclusive");
      // Under steady traffic a busy connection may hold a pod until SIGKILL. Where none did, what
      // is claimed is that connections were served, and no more: the clients' requests on them may
      // have been cut.
      if (result.verdicts().containsKey("KilledAtDeadline")) {
        assertGraceful(act, Condition.Status.False);
      } else {
        assertThat(result.verdicts().keySet()).isSubsetOf("Graceful", "ConnectionsServed");
        assertGraceful(act, result.wordIfUnviolated());
      }
    }
  }

  @Test
  void appThatDrainsDropsNothingAndIsCalledGraceful() {
    try (Scenario act = protectedAct("e2e-rollout-3", Pattern.DRAIN)) {
      Scenario.RolloutResult result = act.rollOut();

      assertThat(result.clients().failedCount()).as("failures of %s", result).isZero();
      assertThat(result.verdicts())
          .as("the verdicts of %s", result)
          .containsExactlyEntriesOf(Map.of("Graceful", REPLICAS));
      assertGraceful(act, Condition.Status.True);
    }
  }

  /** Protected from its first pods on: the operator has to roll nothing before the test does. */
  private Scenario protectedAct(String namespace, Pattern pattern) {
    var policy = new Policy(Apply.OnRollout, 5, 20);
    return suite.actUnder(
        pattern.equals(Pattern.DRAIN) ? policy.verifyingOnSlowPath() : policy,
        namespace,
        shape(pattern),
        Suite.BUSY);
  }

  private static Workload.Shape shape(Pattern pattern) {
    return Workload.Shape.of(pattern, REPLICAS);
  }

  private static void assertGraceful(Scenario act, Condition.Status status) {
    assertThat(act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo(status));
    assertThat(act.rollouts().getLast().graceful())
        .satisfies(condition -> assertThat(condition.status()).isEqualTo(status));
  }
}
