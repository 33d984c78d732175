package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeploymentsTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final long LATER = Duration.ofMinutes(5).toNanos();

  private final Deployments deployments = new Deployments();

  @Test
  void whatIsKnownIsTheLatest() {
    // when
    DeploymentFacts none = deployments.put(app(41), false, 0);
    DeploymentFacts before = deployments.put(app(42), true, 1);

    // then
    assertThat(none).isNull();
    assertThat(before).isEqualTo(app(41));
    assertThat(deployments.get(WEB)).isEqualTo(app(42));
    assertThat(deployments.in("shop")).containsExactly(app(42));
    assertThat(deployments.in("apps")).isEmpty();
  }

  @Test
  void whatIsGoneIsNotKnown() {
    // given
    deployments.put(app(41), true, 0);

    // when
    deployments.remove(WEB);

    // then
    assertThat(deployments.get(WEB)).isNull();
    assertThat(ownerIsRolling(0)).isFalse();
    assertThat(deployments.changes(WEB)).isEmpty();
  }

  @Test
  void oneThatWasThereBeforeUsIsNotItsOwnersRollout() {
    // when
    deployments.put(rolling(41), false, 0);

    // then
    assertThat(ownerIsRolling(0)).isFalse();
  }

  @Test
  void oneThatIsCreatedIsItsOwnersRolloutUntilItHasSettled() {
    // when
    deployments.put(rolling(41), true, 0);

    // then
    assertThat(ownerIsRolling(LATER)).isTrue();
    deployments.put(app(41), true, LATER);
    assertThat(ownerIsRolling(LATER)).isFalse();
    assertThat(deployments.changes(WEB)).isEmpty();
  }

  @Test
  void anOwnersChangeOfTheTemplateIsHisRolloutForAtLeastAMoment() {
    // given
    deployments.put(app(41), false, 0);

    // when its pods are ready at once
    deployments.put(app(42), true, LATER);

    // then
    assertThat(ownerIsRolling(LATER + 1)).isTrue();
    assertThat(ownerIsRolling(LATER + LATER)).isFalse();
  }

  @Test
  void aRolloutThatTakesLongIsStillHis() {
    // given
    deployments.put(app(41), false, 0);

    // when
    deployments.put(rolling(42), true, 0);

    // then
    assertThat(ownerIsRolling(LATER)).isTrue();
  }

  @Test
  void aPodThatComesBackIsNoRollout() {
    // given
    deployments.put(app(41), false, 0);

    // when
    deployments.put(rolling(41), true, 0);

    // then
    assertThat(ownerIsRolling(0)).isFalse();
    assertThat(deployments.changes(WEB)).isEmpty();
  }

  @Test
  void ourOwnWriteIsNoChangeOfTheOwners() {
    // given
    deployments.put(app(41), false, 0);

    // when it is written, and let go of
    deployments.put(facts(42, false, "d-1", "graceful-operator"), true, 0);
    deployments.put(rolling(42), true, 0);

    // then
    assertThat(ownerIsRolling(0)).isFalse();
    assertThat(deployments.changes(WEB)).isEmpty();
  }

  @Test
  void changesAreGivenInTheirOrderUntilTheyAreNoted() {
    // given
    deployments.put(app(41), false, 0);
    deployments.put(rolling(42), true, 0);
    deployments.put(app(42), true, 0);
    deployments.put(app(43), true, 0);

    // when
    List<Deployments.TemplateChange> changes = deployments.changes(WEB);

    // then
    assertThat(changes)
        .containsExactly(
            new Deployments.TemplateChange(app(41), rolling(42)),
            new Deployments.TemplateChange(app(42), app(43)));
    assertThat(deployments.changes(WEB)).as("asked again").isEqualTo(changes);

    // when one more comes before they are noted
    deployments.put(app(44), true, 0);
    deployments.noted(WEB, changes);

    // then
    assertThat(deployments.changes(WEB))
        .containsExactly(new Deployments.TemplateChange(app(43), app(44)));
    assertThat(ownerIsRolling(0)).as("noted or not").isTrue();
  }

  @Test
  void onlyTheLatestChangesAreKept() {
    // given
    IntStream.rangeClosed(1, 30).forEach(version -> deployments.put(app(version), true, 0));

    // when
    List<Deployments.TemplateChange> changes = deployments.changes(WEB);

    // then
    assertThat(changes).hasSize(10);
    assertThat(changes.getLast().now()).isEqualTo(app(30));
  }

  @Test
  void anotherOneOfTheSameNameHasNotChanged() {
    // given
    deployments.put(app(41), false, 0);
    deployments.put(app(42), true, 0);

    // when it is deleted and created anew, and the watch missed that
    deployments.put(facts(43, true, "d-2", "helm"), true, LATER);

    // then
    assertThat(deployments.changes(WEB)).isEmpty();
    assertThat(ownerIsRolling(LATER)).isTrue();
  }

  @Test
  void aRolloutThatBeganUnderOtherPoliciesDoesNotCount() {
    // given
    deployments.put(app(41), false, 0);
    deployments.put(rolling(42), true, 10);

    // then
    assertThat(deployments.ownerIsRolling(WEB, 9, 11)).isTrue();
    assertThat(deployments.ownerIsRolling(WEB, 10, 11)).isFalse();
    assertThat(deployments.ownerIsRolling(WEB, 11, 11)).isFalse();
  }

  private boolean ownerIsRolling(long nanos) {
    return deployments.ownerIsRolling(WEB, -1, nanos);
  }

  private static DeploymentFacts app(int version) {
    return facts(version, true, "d-1", "helm");
  }

  private static DeploymentFacts rolling(int version) {
    return facts(version, false, "d-1", "helm");
  }

  private static DeploymentFacts facts(int version, boolean settled, String uid, String manager) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata:
              namespace: shop
              name: web
              uid: %s
              generation: 2
              managedFields: [{manager: %s, operation: Update}]
            spec:
              replicas: 1
              template: {spec: {containers: [{name: app, image: 'shop/app:%d'}]}}
            status: {observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: %d}
            """
                .formatted(uid, manager, version, settled ? 1 : 0),
            Deployment.class));
  }
}
