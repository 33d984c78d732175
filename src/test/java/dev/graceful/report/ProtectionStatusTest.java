package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtectionStatusTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Assessment PROGRAMMED = Assessment.yes("Programmed", "It is.");

  @Test
  void speaksOfTheRevisionThatWasEndedLast() {
    // given an older revision that was taken up again and ended after the newer one
    var older =
        report("web-a", 4, "2026-03-01T11:59:00Z", Condition.Status.False, "KilledAtDeadline");
    var newer =
        report("web-b", 3, "2026-03-01T11:00:00Z", Condition.Status.True, "ConnectionsServed");

    // when
    DeploymentProtectionStatus status =
        ProtectionStatus.next(null, PROGRAMMED, List.of(newer, older), 2L, NOW);

    // then
    assertThat(status.latestReport()).isEqualTo("web-a");
    assertThat(find(status, ConditionType.TerminationsGraceful))
        .satisfies(
            c -> {
              assertThat(c.status()).isEqualTo(Condition.Status.False);
              assertThat(c.reason()).isEqualTo("KilledAtDeadline");
              assertThat(c.message()).startsWith("Revision 4: ");
            });
  }

  @Test
  void knowsNothingBeforeTheFirstTermination() {
    var running = report("web-a", 1, null, Condition.Status.Unknown, "NoTerminations");

    DeploymentProtectionStatus status =
        ProtectionStatus.next(null, PROGRAMMED, List.of(running), 1L, NOW);

    assertThat(status.latestReport()).isNull();
    assertThat(find(status, ConditionType.TerminationsGraceful).status())
        .isEqualTo(Condition.Status.Unknown);
  }

  @Test
  void isReadyWhateverTheVerdict() {
    var violated =
        report("web-a", 1, "2026-03-01T11:59:00Z", Condition.Status.False, "ExitedWithError");

    DeploymentProtectionStatus status =
        ProtectionStatus.next(null, PROGRAMMED, List.of(violated), 1L, NOW);

    assertThat(find(status, ConditionType.Ready).status()).isEqualTo(Condition.Status.True);
  }

  @Test
  void isNotReadyWhileItWaitsAndIsWhenItIsLeftAlone() {
    var waiting =
        ProtectionStatus.next(
            null, Assessment.no("RolloutInProgress", "Wait."), List.of(), 1L, NOW);
    var leftAlone =
        ProtectionStatus.next(null, Assessment.no("OwnPreStop", "Its own."), List.of(), 1L, NOW);

    assertThat(find(waiting, ConditionType.Ready).status()).isEqualTo(Condition.Status.False);
    assertThat(find(leftAlone, ConditionType.Ready).status()).isEqualTo(Condition.Status.True);
  }

  @Test
  void judgesNoLongerWhatNobodyGoverns() {
    // given
    var violated =
        report("web-a", 1, "2026-03-01T11:59:00Z", Condition.Status.False, "ExitedWithError");
    DeploymentProtectionStatus governed =
        ProtectionStatus.next(null, PROGRAMMED, List.of(violated), 1L, NOW);

    // when
    DeploymentProtectionStatus status =
        ProtectionStatus.next(governed, Programming.ungoverned(60), null, 1L, NOW);

    // then
    assertThat(status.latestReport()).isEqualTo("web-a");
    assertThat(find(status, ConditionType.TerminationsGraceful).status())
        .isEqualTo(Condition.Status.Unknown);
    assertThat(find(status, ConditionType.TerminationsGraceful).reason()).isEqualTo("NotGoverned");
    assertThat(find(status, ConditionType.Ready).reason()).isEqualTo("GivingBack");
  }

  @Test
  void isEqualIfNothingIsNew() {
    var served =
        report("web-a", 1, "2026-03-01T11:59:00Z", Condition.Status.True, "ConnectionsServed");
    DeploymentProtectionStatus first =
        ProtectionStatus.next(null, PROGRAMMED, List.of(served), 1L, NOW);

    DeploymentProtectionStatus second =
        ProtectionStatus.next(first, PROGRAMMED, List.of(served), 1L, NOW.plusSeconds(60));

    assertThat(second).isEqualTo(first);
  }

  private static RevisionReport report(
      String name, long revision, @Nullable String time, Condition.Status status, String reason) {
    var condition =
        new Condition(
            ConditionType.TerminationsGraceful.name(), status, reason, "So it was.", "", null);
    return new RevisionReport(
        name,
        revision,
        new TerminationReportStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            time,
            null,
            null,
            null,
            null,
            null,
            List.of(condition)));
  }

  private static Condition find(DeploymentProtectionStatus status, ConditionType type) {
    Condition condition = Conditions.find(status.conditions(), type);
    assertThat(condition).as(type.name()).isNotNull();
    return Objects.requireNonNull(condition);
  }
}
