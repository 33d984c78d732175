package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.e2e.ClientStats.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A policy restarts nothing; the owner's own rollout protects, in one revision. */
@ExtendWith(OperatorExtension.class)
final class OnRolloutIT {

  private static final int REPLICAS = 4;
  private static final Policy POLICY = new Policy(Apply.OnRollout, 2, 35);
  private static final int SLEEP_SECONDS = 3;
  private static final int GRACE_SECONDS = 38;

  /** Longer than the operator takes for all that it does about a new policy. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private static final Traffic.Rate BUSY = Control.MOST;

  /** An app that stops at once is held until SIGKILL by those who stay connected. */
  private static final Traffic.Rate NEW_ONLY = new Traffic.Rate(Control.MOST.newPerSecond(), 0);

  private final Suite suite;

  OnRolloutIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  void deploymentFromBeforeThePolicyIsProtectedByItsOwnersNextRollout() {
    String namespace = "e2e-on-rollout-1";
    try (Scenario act = suite.act(namespace, Workload.Shape.of(Pattern.DRAIN, REPLICAS), BUSY)) {
      App app = act.workload().app();
      App.State before = app.state();

      act.apply(POLICY.verifyingOnSlowPath());
      Progress.sleep(QUIET);

      assertThat(app.state()).isEqualTo(before);
      assertThat(act.word().condition(OperatorStatus.PROGRAMMED).orElseThrow().reason())
          .isEqualTo("PendingRollout");

      app.restart();
      act.workload().awaitSettled(suite.progress());
      act.word().awaitReason(suite.progress(), "Programmed", Progress.PATIENCE);

      assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
      assertThat(app.graceSeconds()).isEqualTo(GRACE_SECONDS);
      assertThat(app.generation()).isEqualTo(before.generation() + 1);
      assertThat(app.revisions()).isEqualTo(before.revisions() + 1);

      Scenario.RolloutResult result = act.rollOut();

      assertThat(result.clients().failed(Kind.NEW)).as("failures of %s", result).isEmpty();
      assertThat(result.verdicts())
          .as("the verdicts of %s", result)
          .containsExactlyEntriesOf(Map.of("Graceful", REPLICAS));
      assertGraceful(result);
      assertThat(app.generation()).isEqualTo(before.generation() + 2);
      assertThat(app.revisions()).isEqualTo(before.revisions() + 2);
    }
  }

  @Test
  void deploymentFromAfterThePolicyIsProtectedFromItsFirstPodsOn() {
    String namespace = "e2e-on-rollout-2";
    var shape = Workload.Shape.of(Pattern.TEXTBOOK, REPLICAS);
    try (Scenario act = suite.actUnder(POLICY, namespace, shape, NEW_ONLY)) {
      App app = act.workload().app();
      act.word().awaitReason(suite.progress(), "Programmed", Progress.PATIENCE);

      assertThat(app.generation()).isEqualTo(1);
      assertThat(app.revisions()).isEqualTo(1);
      assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
      assertThat(app.graceSeconds()).isEqualTo(GRACE_SECONDS);
      var recorded = act.word().protection().orElseThrow().getSpec();
      assertThat(recorded.decision())
          .isEqualTo(new Decision(List.of("server"), SLEEP_SECONDS, GRACE_SECONDS));
      assertThat(recorded.before()).isEqualTo(new Before(30, null));

      Scenario.RolloutResult result = act.rollOut();

      assertThat(result.clients().failed(Kind.NEW)).as("failures of %s", result).isEmpty();
      // On its readiness path it has seldom a request in hand when SIGTERM comes.
      assertThat(result.verdicts().keySet())
          .as("the verdicts of %s", result)
          .isSubsetOf("Graceful", "ConnectionsServed");
      assertGraceful(result);
      assertThat(app.revisions()).isEqualTo(2);

      app.kubectl("delete", "gracefulpolicies.graceful.dev", Policy.NAME);
      act.word().awaitReason(suite.progress(), "GivingBack", Progress.PATIENCE);
      app.restart();
      app.awaitNoProtection(suite.progress());

      assertThat(app.template()).isEqualTo(suite.control().app().template());
      assertThat(app.revisions()).isEqualTo(3);
    }
  }

  private static void assertGraceful(Scenario.RolloutResult result) {
    assertThat(result.graceful())
        .satisfies(
            condition -> assertThat(condition.status()).isEqualTo(result.wordIfUnviolated()));
  }
}
