package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.facts.Exposure;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The status of a DeploymentProtection. */
public final class ProtectionStatus {

  /** A revision's report, by its name. */
  public record RevisionReport(String name, long revision, TerminationReportStatus status) {}

  private ProtectionStatus() {}

  /**
   * The next status.
   *
   * @param old null: there was none
   * @param reports of the Deployment's revisions; null: its terminations are not judged any more
   * @return equal to {@code old} if nothing changed
   */
  public static DeploymentProtectionStatus next(
      @Nullable DeploymentProtectionStatus old,
      Assessment programmed,
      @Nullable List<RevisionReport> reports,
      @Nullable Long generation,
      Instant now) {
    RevisionReport latest = reports == null ? null : latest(reports);
    String latestName = latest == null ? null : latest.name();
    Assessment graceful = graceful(latest);
    if (reports == null) {
      latestName = old == null ? null : old.latestReport();
      graceful = Assessment.unknown("NotGoverned", "Terminations are judged no longer.");
    }
    Map<ConditionType, Assessment> assessments = new LinkedHashMap<>();
    assessments.put(ConditionType.Programmed, programmed);
    assessments.put(ConditionType.TerminationsGraceful, graceful);
    Standing.add(programmed, assessments);
    return new DeploymentProtectionStatus(
        generation,
        latestName,
        reports == null || old == null ? null : old.recommendation(),
        Conditions.next(old == null ? null : old.conditions(), assessments, generation, now));
  }

  /**
   * The same status, with what the policy could say.
   *
   * @param reports of all revisions: a drain is seldom measured often enough in one of them
   * @param exposure how clients reach the Deployment's pods
   * @param times of these pods
   */
  public static DeploymentProtectionStatus recommending(
      DeploymentProtectionStatus status,
      List<RevisionReport> reports,
      Exposure exposure,
      PodTimes times) {
    return new DeploymentProtectionStatus(
        status.observedGeneration(),
        status.latestReport(),
        Recommendations.of(
            exposure,
            Measures.sum(
                reports.stream().map(r -> Measures.of(r.status().drains(), r.status().slices()))),
            times),
        status.conditions());
  }

  private static @Nullable RevisionReport latest(List<RevisionReport> reports) {
    return reports.stream()
        .filter(r -> r.status().latestTerminationTime() != null)
        .max(Comparator.comparing(r -> String.valueOf(r.status().latestTerminationTime())))
        .orElse(null);
  }

  private static Assessment graceful(@Nullable RevisionReport latest) {
    Condition condition = latest == null ? null : Reports.graceful(latest.status());
    if (latest == null || condition == null) {
      return Assessment.unknown("NoTerminations", "No pod of the Deployment has been ended yet.");
    }
    return new Assessment(
        condition.status(),
        condition.reason(),
        "Revision " + latest.revision() + ": " + condition.message());
  }
}
