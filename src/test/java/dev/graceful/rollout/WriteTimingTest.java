package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.rollout.WriteTiming.AfterOwner;
import dev.graceful.rollout.WriteTiming.AtAdmission;
import dev.graceful.rollout.WriteTiming.Blocked;
import dev.graceful.rollout.WriteTiming.InTurn;
import dev.graceful.rollout.WriteTiming.WithOwner;
import dev.graceful.template.ReasonsGivenLater;
import dev.graceful.template.Shaping.Reason;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.EnumSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WriteTimingTest {

  private static final DeploymentFacts SETTLED = deployment(false, true);
  private static final DeploymentFacts ROLLING = deployment(false, false);
  private static final DeploymentFacts PAUSED = deployment(true, true);
  private static final DeploymentFacts STUCK =
      DeploymentFacts.from(
          Serialization.unmarshal(
              """
              metadata: {namespace: shop, name: web, generation: 2}
              spec: {template: {spec: {}}}
              status:
                observedGeneration: 2
                conditions:
                - {type: ReplicaFailure, status: "True", message: exceeded quota}
              """,
              Deployment.class));

  @Test
  void neverIsNever() {
    assertThat(WriteTiming.of(Apply.Never, SETTLED, false, true, true))
        .isInstanceOfSatisfying(
            Blocked.class, b -> assertThat(b.reason()).isEqualTo(Reason.ObserveOnly));
  }

  @Test
  void onRolloutIsLeftToAdmissionWhereThatIsThere() {
    for (DeploymentFacts any : new DeploymentFacts[] {SETTLED, ROLLING, PAUSED}) {
      assertThat(WriteTiming.of(Apply.OnRollout, any, false, true, false))
          .isEqualTo(new AtAdmission());
      assertThat(WriteTiming.of(Apply.OnRollout, any, false, true, true))
          .isEqualTo(new AtAdmission());
    }
  }

  @Test
  void onRolloutJoinsTheOwnersRolloutElse() {
    assertThat(WriteTiming.of(Apply.OnRollout, ROLLING, false, false, true))
        .isEqualTo(new WithOwner());
    // Its pods were ready before anybody had looked.
    assertThat(WriteTiming.of(Apply.OnRollout, SETTLED, false, false, true))
        .isEqualTo(new WithOwner());
  }

  @Test
  void onRolloutWaitsForTheOwner() {
    assertThat(WriteTiming.of(Apply.OnRollout, SETTLED, false, false, false))
        .isEqualTo(new AfterOwner());
    // A pod that comes back, or one that fails, is no change of the owner's.
    assertThat(WriteTiming.of(Apply.OnRollout, ROLLING, false, false, false))
        .isEqualTo(new AfterOwner());
  }

  @Test
  void immediatelyTakesItsTurnOnceTheDeploymentHasSettled() {
    assertThat(WriteTiming.of(Apply.Immediately, SETTLED, false, false, false))
        .isEqualTo(new InTurn());
    assertThat(WriteTiming.of(Apply.Immediately, SETTLED, false, true, true))
        .isEqualTo(new InTurn());
    assertThat(blocked(Apply.Immediately, ROLLING)).isEqualTo(Reason.RolloutInProgress);
  }

  @Test
  void oneThatDoesNotSettleAfterTheOperatorsWriteMayNeedAnother() {
    assertThat(WriteTiming.of(Apply.Immediately, STUCK, true, false, false))
        .isEqualTo(new InTurn());
    assertThat(WriteTiming.of(Apply.Immediately, ROLLING, true, false, false))
        .as("it is not stuck, and will settle by itself")
        .isInstanceOf(Blocked.class);
  }

  /** No time brings it to its end. */
  @Test
  void oneThatDoesNotSettleAfterItsOwnersWriteSaysWhy() {
    assertThat(WriteTiming.of(Apply.Immediately, STUCK, false, false, false))
        .isInstanceOfSatisfying(
            Blocked.class,
            b -> {
              assertThat(b.reason()).isEqualTo(Reason.RolloutStuck);
              assertThat(b.message()).endsWith("The Deployment says: exceeded quota");
            });
  }

  @Test
  void onePausedIsNotWritten() {
    assertThat(blocked(Apply.Immediately, PAUSED)).isEqualTo(Reason.DeploymentPaused);
    assertThat(blocked(Apply.OnRollout, PAUSED)).isEqualTo(Reason.DeploymentPaused);
  }

  @Test
  void itGivesEachOfItsReasons() {
    assertThat(
            Stream.of(ROLLING, STUCK, PAUSED)
                .map(deployment -> blocked(Apply.Immediately, deployment))
                .collect(Collectors.toSet()))
        .isEqualTo(EnumSet.copyOf(ReasonsGivenLater.BY_THE_TIMING));
  }

  private static Reason blocked(Apply apply, DeploymentFacts deployment) {
    return ((Blocked) WriteTiming.of(apply, deployment, false, false, false)).reason();
  }

  private static DeploymentFacts deployment(boolean paused, boolean settled) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata: {namespace: shop, name: web, generation: 2}
            spec: {paused: %s, replicas: 1, template: {spec: {containers: [{name: app}]}}}
            status: {observedGeneration: 2, replicas: 1, updatedReplicas: %d, availableReplicas: 1}
            """
                .formatted(paused, settled ? 1 : 0),
            Deployment.class));
  }
}
