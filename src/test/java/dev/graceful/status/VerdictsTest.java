package dev.graceful.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.judge.Finding;
import dev.graceful.judge.Finding.Weight;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {

  @ParameterizedTest
  @CsvSource({
    // served, early, killed, inconclusive, not applicable, terminating, status, reason
    "0, 0, 0, 0, 0, 0, Unknown, NoTerminations",
    "0, 0, 0, 0, 2, 0, Unknown, NotApplicable",
    "0, 0, 0, 0, 0, 2, Unknown, TooFewObserved",
    "1, 0, 0, 0, 0, 0, True,    ConnectionsServed",
    "1, 0, 0, 0, 0, 1, Unknown, TooFewObserved",
    "2, 0, 0, 0, 0, 1, Unknown, TooFewObserved",
    "3, 0, 0, 0, 0, 1, True,    ConnectionsServed",
    "3, 0, 0, 0, 9, 0, True,    ConnectionsServed",
    "9, 0, 0, 1, 0, 0, Unknown, Inconclusive",
    "9, 1, 0, 1, 0, 0, False,   StoppedServingEarly",
    "9, 1, 2, 0, 0, 0, False,   KilledAtDeadline",
    "0, 2, 1, 0, 0, 5, False,   StoppedServingEarly",
  })
  void ofARevision(
      int served,
      int early,
      int killed,
      int inconclusive,
      int notApplicable,
      int terminating,
      Condition.Status status,
      String reason) {
    // given
    var verdicts = new TreeMap<String, Integer>();
    put(verdicts, "ConnectionsServed", served);
    put(verdicts, "StoppedServingEarly", early);
    put(verdicts, "KilledAtDeadline", killed);
    put(verdicts, "Inconclusive", inconclusive);
    put(verdicts, "NotApplicable", notApplicable);

    // when
    Assessment assessment = Verdicts.ofRevision(verdicts, terminating, List.of(), null, false);

    // then
    assertThat(assessment.status()).isEqualTo(status);
    assertThat(assessment.reason()).isEqualTo(reason);
  }

  @Test
  void aGoodRevisionTellsItsCountsAndItsSmallestMargin() {
    // when
    Assessment assessment =
        Verdicts.ofRevision(Map.of("ConnectionsServed", 4), 0, List.of(), 5_230L, false);

    // then
    assertThat(assessment.message())
        .isEqualTo("4 of 4 observed: 4 ConnectionsServed; smallest margin 5.23 s.");
  }

  @Test
  void aViolatedRevisionNamesItsWorstPod() {
    // given
    var worst =
        new ReportedTermination(
            "web-7",
            "u",
            "Rollout",
            "StoppedServingEarly",
            null,
            "It refused.",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    // when
    Assessment assessment =
        Verdicts.ofRevision(Map.of("StoppedServingEarly", 2), 1, List.of(worst), 20L, false);

    // then
    assertThat(assessment.message())
        .isEqualTo("2 of 3 observed: 2 StoppedServingEarly. Pod web-7: It refused.");
  }

  @Test
  void beforeProtectionIsSaidBeforeAllElseButNotOfNothing() {
    assertThat(
            Verdicts.ofRevision(Map.of("StoppedServingEarly", 2), 0, List.of(), null, true)
                .reason())
        .isEqualTo("BeforeProtection");
    assertThat(Verdicts.ofRevision(Map.of(), 0, List.of(), null, true).reason())
        .isEqualTo("NoTerminations");
  }

  @Test
  void aVerdictOfAnotherVersionProvesNothing() {
    // when
    Assessment assessment =
        Verdicts.ofRevision(
            Map.of("ConnectionsServed", 5, "VerdictOfTheFuture", 1), 0, List.of(), null, false);

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.Unknown);
  }

  @Test
  void everyFindingHasAWeightUnderItsName() {
    for (Class<?> finding : Finding.class.getPermittedSubclasses()) {
      // when
      Weight weight = Verdicts.weight(finding.getSimpleName());

      // then
      boolean isOneOfThem = finding.equals(Finding.Inconclusive.class);
      assertThat(weight == Weight.INCONCLUSIVE).as(finding.getSimpleName()).isEqualTo(isOneOfThem);
    }
  }

  // ---------------------------------------------------------------- of a policy

  @Test
  void aPolicyWithoutDeploymentsHasSeenNothing() {
    // when
    Assessment assessment = Verdicts.ofPolicy(Map.of());

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.Unknown);
    assertThat(assessment.reason()).isEqualTo("NoTerminations");
  }

  @Test
  void oneViolatedDeploymentIsAViolatedPolicy() {
    // when
    Assessment assessment =
        Verdicts.ofPolicy(
            Map.of(
                "api", condition(Condition.Status.True, "ConnectionsServed"),
                "jobs", condition(Condition.Status.Unknown, "NoTerminations"),
                "web", condition(Condition.Status.False, "KilledAtDeadline"),
                "zoo", condition(Condition.Status.False, "StoppedServingEarly")));

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.False);
    assertThat(assessment.reason()).isEqualTo("KilledAtDeadline");
    assertThat(assessment.message()).isEqualTo("2 of 4 Deployments; web: Why.");
  }

  @Test
  void oneUnknownDeploymentIsAnUnknownPolicy() {
    // when
    Assessment assessment =
        Verdicts.ofPolicy(
            Map.of(
                "api", condition(Condition.Status.True, "ConnectionsServed"),
                "jobs", condition(Condition.Status.Unknown, "TooFewObserved")));

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.Unknown);
    assertThat(assessment.reason()).isEqualTo("TooFewObserved");
  }

  @Test
  void onlyIfAllAreGoodThePolicyIs() {
    // when
    Assessment assessment =
        Verdicts.ofPolicy(
            Map.of(
                "api", condition(Condition.Status.True, "ConnectionsServed"),
                "web", condition(Condition.Status.True, "ConnectionsServed")));

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.True);
    assertThat(assessment.message()).isEqualTo("2 of 2 Deployments; api: Why.");
  }

  private static void put(Map<String, Integer> verdicts, String name, int count) {
    if (count > 0) {
      verdicts.put(name, count);
    }
  }

  private static Condition condition(Condition.Status status, String reason) {
    return new Condition(
        "TerminationsGraceful", status, reason, "Why.", "2026-01-01T10:00:00Z", 1L);
  }
}
