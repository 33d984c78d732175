package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.ClientStats.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator may die at any time: it takes nothing along, and does not make up what it missed.
 */
@ExtendWith(OperatorExtension.class)
final class OperatorKilledIT {

  private static final int REPLICAS = 6;

  /**
   * One wave after the other, so that some pods end before the kill and some while nobody looks.
   */
  private static final Workload.Shape SLOW_ROLLOUT =
      new Workload.Shape(Pattern.DRAIN, REPLICAS, 3, "0");

  /** From the first pods on: the operator has to roll nothing before the test does. */
  private static final Policy PROTECT = new Policy(Apply.OnRollout, 5, 20).verifyingOnSlowPath();

  @Test
  void whatItMissedIsInconclusiveAndNothingIsJudgedTwice(Suite suite) {
    try (Scenario act = suite.actUnder(PROTECT, "e2e-operator-killed", SLOW_ROLLOUT, Suite.CALM)) {
      String killedRevision = act.workload().currentReplicaSet();
      Scenario.RolloutResult withoutOperator =
          rollOutAndAtTheFirstVerdict(
              act,
              suite,
              () -> {
                suite.operatorPod().kill();
                suite.progress().say("  the operator was killed");
              });
      // Verdicts that were reached twice would come now.
      suite.settle();

      assertThat(withoutOperator.clients().failed(Kind.NEW)).isEmpty();
      Map<String, Integer> verdicts = act.word().verdicts(killedRevision);
      assertThat(verdicts.get("Graceful")).as("seen before the kill").isPositive();
      assertThat(verdicts.get("Inconclusive")).as("missed").isPositive();
      assertThat(sum(verdicts))
          .as("judged: %s", verdicts)
          .isEqualTo(act.workload().census().gone(killedRevision).size())
          .isEqualTo(REPLICAS);
      assertThat(act.word().terminations(killedRevision)).isEqualTo(REPLICAS);
      assertThat(act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL).orElseThrow().status())
          .isEqualTo(Condition.Status.Unknown);

      Scenario.RolloutResult observedAgain = act.rollOut();

      assertThat(observedAgain.clients().failedCount())
          .as("failures of %s", observedAgain)
          .isZero();
      assertThat(observedAgain.verdicts())
          .as("the verdicts of %s", observedAgain)
          .containsExactlyEntriesOf(Map.of("Graceful", REPLICAS));
      assertThat(act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL).orElseThrow().status())
          .isEqualTo(Condition.Status.True);
      assertThat(sum(act.word().verdicts(killedRevision)))
          .as("of the revision before")
          .isEqualTo(REPLICAS);
    }
  }

  @Test
  void anotherReplicaGoesOnAndJudgesNothingTwice(Suite suite) {
    suite.install("replicas=2");
    try (Scenario act = suite.actUnder(PROTECT, "e2e-leader-changed", SLOW_ROLLOUT, Suite.CALM)) {
      String before = suite.operatorPod().leader();

      String revision = act.workload().currentReplicaSet();
      rollOutAndAtTheFirstVerdict(
          act,
          suite,
          () -> {
            suite.operatorPod().endLeader();
            suite.progress().say("  the leader " + before + " was told to end");
          });
      suite.settle();

      assertThat(suite.operatorPod().leader()).isNotEmpty().isNotEqualTo(before);
      Map<String, Integer> verdicts = act.word().verdicts(revision);
      assertThat(verdicts.keySet()).isSubsetOf("Graceful", "Inconclusive");
      assertThat(verdicts.get("Graceful")).as("seen by either, of %s", verdicts).isPositive();
      assertThat(sum(verdicts)).as("judged: %s", verdicts).isEqualTo(REPLICAS);
      assertThat(act.word().terminations(revision)).isEqualTo(REPLICAS);

      Scenario.RolloutResult afterwards = act.rollOut();

      assertThat(afterwards.verdicts())
          .as("the verdicts of %s", afterwards)
          .containsExactlyEntriesOf(Map.of("Graceful", REPLICAS));
      assertThat(sum(act.word().verdicts(revision)))
          .as("of the revision before")
          .isEqualTo(REPLICAS);
    } finally {
      suite.install();
    }
  }

  private static Scenario.RolloutResult rollOutAndAtTheFirstVerdict(
      Scenario act, Suite suite, Runnable deed) {
    return act.rollOut(
        rollout -> {
          suite
              .progress()
              .until(
                  "the first verdict",
                  Progress.PATIENCE,
                  () -> act.word().terminations(rollout.oldReplicaSet()) > 0);
          deed.run();
        });
  }

  private static int sum(Map<String, Integer> verdicts) {
    return verdicts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
