package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.MeasuredDrains;
import dev.graceful.api.v1alpha1.MeasuredSlices;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.facts.Entrance;
import dev.graceful.facts.Exit;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposure.Way;
import dev.graceful.facts.PodRef;
import dev.graceful.judge.BlindSpot;
import dev.graceful.judge.Cause;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Ports;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import dev.graceful.judge.Verification;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All pods have a preStop sleep of 6 s and a grace period of 36 s. */
class MeasuresTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final Exposure INSIDE =
      new Exposure(List.of(new Entrance(Way.ClusterIp, "Service web")));

  @Test
  void theLongestDrainIsRemembered() {
    TerminationReportStatus first = next(Reports.EMPTY, ended(9_000, 0), ended(14_000, 0));
    TerminationReportStatus second = next(first, ended(8_000, 143));

    assertThat(second.drains()).isEqualTo(new MeasuredDrains(3, 8_000, 0, 0));
  }

  @Test
  void whoIsKilledIsCountedApart() {
    TerminationReportStatus status = next(Reports.EMPTY, ended(36_200, 137), servedToTheKill());

    assertThat(status.drains()).isEqualTo(new MeasuredDrains(2, 30_200, 2, 1));
  }

  @Test
  void theSlowestSliceIsRemembered() {
    TerminationReportStatus first = next(Reports.EMPTY, left(40L), left(900L), left(-3L));
    TerminationReportStatus second = next(first, left(60L));

    assertThat(second.slices()).isEqualTo(new MeasuredSlices(4, 900));
  }

  @Test
  void whatWasSeenLateMeasuresNothing() {
    TerminationReportStatus status =
        next(
            Reports.EMPTY,
            timeline(9_000L, 0, List.of(new BlindSpot(0, 5_000)), List.of(), 5_000L),
            timeline(9_000L, 0, List.of(), List.of(), null));

    assertThat(status.slices()).isNull();
  }

  @Test
  void whatWasNotSeenMeasuresNothing() {
    TerminationReportStatus status =
        next(Reports.EMPTY, Timeline.unseen(new PodRef("shop", "a", "a"), Unseen.OperatorAway));

    assertThat(status.drains()).isNull();
    assertThat(status.slices()).isNull();
  }

  @Test
  void aReportRecommendsByItsOwnRevision() {
    TerminationReportStatus status =
        Reports.recommending(next(Reports.EMPTY, ended(9_000, 0)), INSIDE);

    assertThat(status.recommendation())
        .satisfies(r -> assertThat(r.message()).contains("1 of 20 drains measured"));
    // It stays until the next termination.
    assertThat(next(status).recommendation()).isEqualTo(status.recommendation());
  }

  @Test
  void aProtectionRecommendsByAllRevisions() {
    TerminationReportStatus ten =
        next(Reports.EMPTY, Collections.nCopies(10, ended(9_000, 0)).toArray(Timeline[]::new));
    TerminationReportStatus another =
        next(Reports.EMPTY, Collections.nCopies(10, ended(16_000, 0)).toArray(Timeline[]::new));
    DeploymentProtectionStatus status = new DeploymentProtectionStatus(1L, null, null, null);

    DeploymentProtectionStatus next =
        ProtectionStatus.recommending(
            status,
            List.of(new RevisionReport("a", 1, ten), new RevisionReport("b", 2, another)),
            INSIDE,
            new PodTimes(6, 30, 36, false));

    assertThat(next.recommendation())
        .satisfies(
            r -> {
              assertThat(r.propagationSeconds()).isEqualTo(5);
              assertThat(r.drainSeconds()).isEqualTo(18);
              assertThat(r.message()).contains("the longest of 20 drains took 10.00 s");
            });
  }

  private static TerminationReportStatus next(TerminationReportStatus old, Timeline... concluded) {
    return Reports.next(
        old,
        new Watchlist(List.of(), List.of(), 0),
        Arrays.stream(concluded).map(Judge::judge).toList(),
        false,
        false,
        1L,
        NOW);
  }

  private static Timeline ended(long millis, int exitCode) {
    return timeline(millis, exitCode, List.of(), List.of(), 40L);
  }

  private static Timeline servedToTheKill() {
    return timeline(
        36_100,
        137,
        List.of(),
        List.of(new ConnectionAttempt(36_000, ConnectOutcome.Accepted)),
        40L);
  }

  private static Timeline left(long leftMillis) {
    return timeline(9_000, 0, List.of(), List.of(), leftMillis);
  }

  private static Timeline timeline(
      long endedMillis,
      int exitCode,
      List<BlindSpot> blindSpots,
      List<ConnectionAttempt> connectionAttempts,
      @Nullable Long leftMillis) {
    return new Timeline(
        new PodRef("shop", "a", "a"),
        Cause.Rollout,
        new Timeline.Template(6, 6_000, false, true, null),
        36,
        null,
        5,
        Verification.Reached,
        null,
        Ports.NONE,
        null,
        true,
        true,
        null,
        leftMillis,
        false,
        null,
        new SigtermWindow(6_000, 6_000),
        null,
        new Ending(
            endedMillis,
            List.of(
                new ContainerEnd("app", ContainerEnd.Role.Serves, new Exit(exitCode, "", null)))),
        null,
        connectionAttempts,
        List.of(),
        null,
        blindSpots,
        null);
  }
}
