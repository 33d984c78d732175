package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Condition.Status;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.report.PolicyStatus.Tally;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-01T11:00:00Z");

  private static final String EPOCH = "1970-01-01T00:00:00Z";

  private static final Tally NOTHING = new Tally(0, Map.of(), Map.of(), Map.of());

  private static final Condition PROGRAMMED = condition("Programmed", Status.True, "Programmed");
  private static final Condition LEFT_ALONE = condition("Programmed", Status.False, "OwnPreStop");
  private static final Condition WAITING =
      condition("Programmed", Status.False, "RolloutInProgress");
  private static final Condition REFUSED = condition("Programmed", Status.False, "WriteRefused");
  private static final Condition PENDING = condition("Programmed", Status.True, "PendingRollout");
  private static final Condition VIOLATED =
      condition("TerminationsGraceful", Status.False, "StoppedServingEarly");

  @Test
  void aPolicyThatSelectsNothingSaysSoAndIsReady() {
    // when
    GracefulPolicyStatus status = next(NOTHING);

    // then
    Condition programmed = find(status, ConditionType.Programmed);
    assertThat(status.matchedDeployments()).isZero();
    assertThat(status.programmedDeployments()).isZero();
    assertThat(programmed.status()).isEqualTo(Status.False);
    assertThat(programmed.reason()).isEqualTo("NothingSelected");
    assertThat(programmed.message())
        .startsWith("The selector matches no Deployment.")
        .endsWith("kubectl get deployments -n shop -l 'tier=web,graceful.dev/skip!=true'");
    assertThat(find(status, ConditionType.Accepted).status()).isEqualTo(Status.True);
    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Status.True);
    assertThat(find(status, ConditionType.TerminationsGraceful).status()).isEqualTo(Status.Unknown);
  }

  /** Who copies the command must not run what the policy's author put into a selector. */
  @Test
  void theCommandQuotesTheSelector() {
    // when
    GracefulPolicyStatus status =
        PolicyStatus.next(policy("it's'; reboot", null), NOTHING, null, FIRST);

    // then
    assertThat(find(status, ConditionType.Programmed).message())
        .endsWith("-l 'tier=it'\\''s'\\''; reboot,graceful.dev/skip!=true'");
  }

  @Test
  void theConditionsOfTheSchemasDefaultBecomeTheOperators() {
    // given
    var before =
        new GracefulPolicyStatus(
            null,
            null,
            null,
            null,
            Stream.of("Accepted", "Programmed", "TerminationsGraceful", "Ready")
                .map(t -> new Condition(t, Status.Unknown, "Pending", "", EPOCH, null))
                .toList());

    // when
    GracefulPolicyStatus status =
        PolicyStatus.next(
            policy("web", before), new Tally(1, Map.of(), Map.of(), Map.of()), null, FIRST);

    // then
    assertThat(status.conditions())
        .extracting(Condition::type)
        .containsExactly("Accepted", "Programmed", "TerminationsGraceful", "Ready", "Reconciling");
    assertThat(find(status, ConditionType.Ready).lastTransitionTime()).isEqualTo(FIRST.toString());
    assertThat(find(status, ConditionType.TerminationsGraceful))
        .as("its status has not changed since")
        .returns(EPOCH, Condition::lastTransitionTime)
        .returns("NoTerminations", Condition::reason)
        .returns(3L, Condition::observedGeneration);
  }

  @Test
  void whatNeedsAPersonIsSaidBeforeWhatGoesOn() {
    // when
    GracefulPolicyStatus status =
        next(new Tally(2, Map.of("api", WAITING, "web", REFUSED), Map.of(), Map.of()));

    // then
    assertThat(find(status, ConditionType.Stalled))
        .returns("WriteRefused", Condition::reason)
        .returns("0 of 2 Deployments programmed; web: Why.", Condition::message);
    assertThat(Conditions.find(status.conditions(), ConditionType.Reconciling)).isNull();
  }

  @Test
  void nothingNewGivesAnEqualStatus() {
    // given
    var tally =
        new Tally(2, Map.of("web", PROGRAMMED), Map.of("web", VIOLATED), Map.of("api", "older"));
    GracefulPolicyStatus before = next(tally);

    // when
    GracefulPolicyStatus after = PolicyStatus.next(policy("web", before), tally, null, LATER);

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
    assertThat(
            PolicyStatus.next(policy("web", null), NOTHING, true, FIRST).protectsNewDeployments())
        .isTrue();
    assertThat(next(NOTHING).protectsNewDeployments()).isNull();
    assertThat(next(NOTHING).observedGeneration()).isEqualTo(3L);
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
    return PolicyStatus.next(policy("web", null), tally, null, FIRST);
  }

  private static GracefulPolicy policy(String tier, @Nullable GracefulPolicyStatus status) {
    var policy = new GracefulPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder().withNamespace("shop").withName("p").withGeneration(3L).build());
    policy.setSpec(
        new GracefulPolicySpec(
            new LabelSelector(Map.of("tier", tier), null), null, null, null, null, null));
    policy.setStatus(status);
    return policy;
  }

  private static Condition find(GracefulPolicyStatus status, ConditionType type) {
    return Objects.requireNonNull(Conditions.find(status.conditions(), type));
  }

  private static Condition condition(String type, Status status, String reason) {
    return new Condition(type, status, reason, "Why.", "2026-01-01T10:00:00Z", 1L);
  }
}
