package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.judge.Severity;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.Inconclusive;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {

  @ParameterizedTest
  @CsvSource({
    // graceful, early, killed, inconclusive, not applicable, terminating, status, reason
    "0, 0, 0, 0, 0, 0, Unknown, NoTerminations",
    "0, 0, 0, 0, 2, 0, Unknown, NotApplicable",
    "0, 0, 0, 0, 0, 2, Unknown, TooFewObserved",
    "1, 0, 0, 0, 0, 0, True,    Graceful",
    "1, 0, 0, 0, 0, 1, Unknown, TooFewObserved",
    "2, 0, 0, 0, 0, 1, Unknown, TooFewObserved",
    "3, 0, 0, 0, 0, 1, True,    Graceful",
    "3, 0, 0, 0, 9, 0, True,    Graceful",
    "9, 0, 0, 1, 0, 0, Unknown, Inconclusive",
    "9, 1, 0, 1, 0, 0, False,   StoppedServingEarly",
    "9, 1, 2, 0, 0, 0, False,   KilledAtDeadline",
    "0, 2, 1, 0, 0, 5, False,   StoppedServingEarly",
  })
  void ofARevision(
      int graceful,
      int early,
      int killed,
      int inconclusive,
      int notApplicable,
      int terminating,
      Condition.Status status,
      String reason) {
    // given
    var verdicts = new TreeMap<String, Integer>();
    put(verdicts, "Graceful", graceful);
    put(verdicts, "StoppedServingEarly", early);
    put(verdicts, "KilledAtDeadline", killed);
    put(verdicts, "Inconclusive", inconclusive);
    put(verdicts, "NotApplicable", notApplicable);

    // when
    Assessment assessment =
        Verdicts.ofRevision(verdicts, terminating, List.of(), null, false, false);

    // then
    assertThat(assessment.status()).isEqualTo(status);
    assertThat(assessment.reason()).isEqualTo(reason);
  }

  /** Such a pod may have had clients: it was not seen to be deleted, and that is all. */
  @Test
  void podsThatTheirNodeEndedAreNotSaidToHaveHadNoClients() {
    // when
    Assessment assessment =
        Verdicts.ofRevision(
            new TreeMap<>(Map.of("EndedByNode", 2, "NotApplicable", 1)),
            0,
            List.of(),
            null,
            false,
            false);

    // then
    assertThat(assessment)
        .isEqualTo(
            Assessment.unknown(
                "EndedByNode",
                "None of its pods that had clients was ended by a deletion: 2 EndedByNode, 1"
                    + " NotApplicable."));
  }

  @Test
  void aGoodRevisionTellsItsCountsAndItsSmallestMargin() {
    // when
    Assessment assessment =
        Verdicts.ofRevision(Map.of("Graceful", 4), 0, List.of(), 5_230L, false, false);

    // then
    assertThat(assessment.message())
        .isEqualTo("4 of 4 observed: 4 Graceful; smallest margin 5.23 s.");
  }

  @Test
  void servedConnectionsAreNotGracefulUnlessThePolicyAsksForNoMore() {
    // given
    var verdicts = new TreeMap<>(Map.of("Graceful", 3, "ConnectionsServed", 1));
    var terminations =
        List.of(
            termination("web-1", "Graceful", "It answered."),
            termination("web-2", "ConnectionsServed", "Nothing was requested of it."));

    // when
    Assessment asked = Verdicts.ofRevision(verdicts, 0, terminations, 5_230L, false, false);
    Assessment enough = Verdicts.ofRevision(verdicts, 0, terminations, 5_230L, false, true);

    // then
    assertThat(asked.status()).isEqualTo(Condition.Status.Unknown);
    assertThat(asked.reason()).isEqualTo("ConnectionsServed");
    assertThat(asked.message())
        .startsWith("4 of 4 observed: 1 ConnectionsServed, 3 Graceful; smallest margin 5.23 s.")
        .contains("verify.mode: Connect")
        .endsWith("Pod web-2: Nothing was requested of it.");
    assertThat(enough.status()).isEqualTo(Condition.Status.True);
    assertThat(enough.reason()).isEqualTo("ConnectionsServed");
  }

  @Test
  void aViolatedRevisionNamesItsWorstPod() {
    // given
    var worst = termination("web-7", "StoppedServingEarly", "It refused.");

    // when
    Assessment assessment =
        Verdicts.ofRevision(Map.of("StoppedServingEarly", 2), 1, List.of(worst), 20L, false, false);

    // then
    assertThat(assessment.message())
        .isEqualTo("2 of 3 observed: 2 StoppedServingEarly. Pod web-7: It refused.");
  }

  @Test
  void beforeProtectionIsSaidBeforeAllElseButNotOfNothing() {
    assertThat(
            Verdicts.ofRevision(Map.of("StoppedServingEarly", 2), 0, List.of(), null, true, false)
                .reason())
        .isEqualTo("BeforeProtection");
    assertThat(Verdicts.ofRevision(Map.of(), 0, List.of(), null, true, false).reason())
        .isEqualTo("NoTerminations");
  }

  @Test
  void aVerdictOfAnotherVersionProvesNothing() {
    // when
    Assessment assessment =
        Verdicts.ofRevision(
            Map.of("ConnectionsServed", 5, "VerdictOfTheFuture", 1),
            0,
            List.of(),
            null,
            false,
            false);

    // then
    assertThat(assessment.status()).isEqualTo(Condition.Status.Unknown);
  }

  @Test
  void everyFindingHasASeverityUnderItsName() {
    for (Class<?> finding : Finding.class.getPermittedSubclasses()) {
      // when
      Severity severity = Verdicts.severity(finding.getSimpleName());

      // then
      boolean isOneOfThem = finding.equals(Inconclusive.class);
      assertThat(severity == Severity.INCONCLUSIVE)
          .as(finding.getSimpleName())
          .isEqualTo(isOneOfThem);
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

  private static ReportedTermination termination(String pod, String verdict, String message) {
    return new ReportedTermination(
        pod, "u", "Rollout", verdict, null, message, null, null, null, null, null, null, null, null,
        null, null, null, null, null);
  }
}
