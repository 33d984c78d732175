package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Condition.Status;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.report.PolicyStatus.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-01T11:00:00Z");

  private static final Condition PROGRAMMED = condition("Programmed", Status.True, "Programmed");
  private static final Condition LEFT_ALONE = condition("Programmed", Status.False, "OwnPreStop");
  private static final Condition WAITING =
      condition("Programmed", Status.False, "RolloutInProgress");
  private static final Condition REFUSED = condition("Programmed", Status.False, "WriteRefused");
  private static final Condition PENDING = condition("Programmed", Status.True, "PendingRollout");
  private static final Condition VIOLATED =
      condition("TerminationsGraceful", Status.False, "StoppedServingEarly");

  @Test
  void aPolicyThatMatchesNothingIsReady() {
    // when
    GracefulPolicyStatus status = next(new Tally(0, Map.of(), Map.of(), Map.of()));

    // then
    assertThat(status.matchedDeployments()).isZero();
    assertThat(status.programmedDeployments()).isZero();
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
    assertThat(find(status, ConditionType.TerminationsGraceful).status()).isEqualTo(Status.Unknown);
  }

  @Test
  void nothingNewGivesAnEqualStatus() {
    // given
    var tally =
        new Tally(2, Map.of("web", PROGRAMMED), Map.of("web", VIOLATED), Map.of("api", "older"));
    GracefulPolicyStatus before = PolicyStatus.next(null, tally, null, 3L, FIRST);

    // when
    GracefulPolicyStatus after = PolicyStatus.next(before, tally, null, 3L, LATER);

    // then
    assertThat(after).isEqualTo(before);
  }

  @Test
  void allProgrammed() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("web", PROGRAMMED, "api", PROGRAMMED), Map.of(), Map.of()));

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(status.programmedDeployments()).isEqualTo(2);
    assertThat(programmed.status()).isEqualTo(Status.True);
    assertThat(programmed.reason()).isEqualTo("Programmed");
    assertThat(programmed.observedGeneration()).isEqualTo(3);
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
  }

  @Test
  void readyIsNeverFedByAVerdict() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(1, Map.of("web", PROGRAMMED), Map.of("web", VIOLATED), Map.of()));

    // then
    assertThat(find(status, ConditionType.TerminationsGraceful).status()).isEqualTo(Status.False);
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
  }

  @Test
  void aDeploymentThatIsLeftAloneForGoodReasonIsSettled() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("web", PROGRAMMED, "api", LEFT_ALONE), Map.of(), Map.of()));

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(status.programmedDeployments()).isEqualTo(1);
    assertThat(programmed.status()).isEqualTo(Status.True);
    assertThat(programmed.reason()).isEqualTo("PartiallyProgrammed");
    assertThat(programmed.message()).contains("1 of 2", "api: Why.");
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
  }

  @Test
  void whatIsStillToComeIsNotReady() {
    // when
    GracefulPolicyStatus waiting =
        next(new Tally(2, Map.of("web", PROGRAMMED, "api", WAITING), Map.of(), Map.of()));
    GracefulPolicyStatus unheardOf =
        next(new Tally(2, Map.of("web", PROGRAMMED), Map.of(), Map.of()));

    // then
    for (GracefulPolicyStatus status : List.of(waiting, unheardOf)) {
      assertThat(find(status, ConditionType.Programmed).status()).isEqualTo(Status.False);
      assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.False);
      assertThat(find(status, ConditionType.Ready).reason()).isEqualTo("RolloutInProgress");
    }
  }

  @Test
  void whatWaitsForItsOwnerIsReadyButNotCountedAsProgrammed() {
    // when
    GracefulPolicyStatus status =
        next(
            new Tally(
                3, Map.of("web", PROGRAMMED, "api", PENDING, "db", PENDING), Map.of(), Map.of()));

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(status.programmedDeployments()).isEqualTo(1);
    assertThat(programmed.status()).isEqualTo(Status.True);
    assertThat(programmed.reason()).isEqualTo("PendingRollout");
    assertThat(programmed.message())
        .isEqualTo("1 of 3 Deployments programmed; 2 wait for their owners' next rollout.");
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
  }

  @Test
  void whatIsLeftAloneIsSaidBesideWhatWaits() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("web", PENDING, "api", LEFT_ALONE), Map.of(), Map.of()));

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(programmed.reason()).isEqualTo("PartiallyProgrammed");
    assertThat(programmed.message())
        .isEqualTo(
            "0 of 2 Deployments programmed; 1 waits for its owner's next rollout; left alone:"
                + " api: Why.");
  }

  @Test
  void whatIsStillToComeIsCountedWithAllThatThePolicyGoverns() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(200, Map.of("web", PROGRAMMED), Map.of(), Map.of("api", "older")));

    // then
    assertThat(find(status, ConditionType.Programmed).message())
        .isEqualTo("1 of 199 Deployments programmed; the others are to come.");
  }

  @Test
  void itSaysWhetherNewDeploymentsAreProtected() {
    // given
    var tally = new Tally(0, Map.of(), Map.of(), Map.of());

    // then
    assertThat(PolicyStatus.next(null, tally, true, 3L, FIRST).protectsNewDeployments()).isTrue();
    assertThat(PolicyStatus.next(null, tally, null, 3L, FIRST).protectsNewDeployments()).isNull();
    assertThat(PolicyStatus.next(null, tally, null, 3L, FIRST).observedGeneration()).isEqualTo(3L);
  }

  @Test
  void aRefusedWriteIsSaidWithItsDeployment() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("web", REFUSED, "api", LEFT_ALONE), Map.of(), Map.of()));

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(programmed.status()).isEqualTo(Status.False);
    assertThat(programmed.reason()).isEqualTo("WriteRefused");
    assertThat(programmed.message()).contains("web: Why.");
  }

  @Test
  void aPolicyThatAnOlderOneOverridesInPartIsAcceptedAndSaysSo() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("web", PROGRAMMED), Map.of(), Map.of("api", "older")));

    // then
    Condition accepted = find(status, ConditionType.Accepted);
    assertThat(status.matchedDeployments()).isEqualTo(2);
    assertThat(accepted.status()).isEqualTo(Status.True);
    assertThat(accepted.message()).contains("api: older");
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
  }

  @Test
  void aPolicyThatGovernsNothingBecauseOfOlderOnesIsConflicted() {
    // when
    GracefulPolicyStatus status = next(new Tally(1, Map.of(), Map.of(), Map.of("api", "older")));

    // then
    assertThat(find(status, ConditionType.Accepted).status()).isEqualTo(Status.False);
    assertThat(find(status, ConditionType.Accepted).reason()).isEqualTo("Conflicted");
    assertThat(find(status, ConditionType.Ready).reason()).isEqualTo("Conflicted");
  }

  private static GracefulPolicyStatus next(Tally tally) {
    return PolicyStatus.next(null, tally, null, 3L, FIRST);
  }

  private static Condition find(GracefulPolicyStatus status, ConditionType type) {
    return Objects.requireNonNull(Conditions.find(status.conditions(), type));
  }

  private static Condition condition(String type, Status status, String reason) {
    return new Condition(type, status, reason, "Why.", "2026-01-01T10:00:00Z", 1L);
  }
}
