package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The status of a GracefulPolicy. */
public final class PolicyStatus {

  /**
   * What a policy's Deployments have come to.
   *
   * @param matched how many its selector matches
   * @param programmed the Programmed conditions of those that it governs and that have one
   * @param graceful the TerminationsGraceful conditions of the same
   * @param overriddenBy by Deployment, the older policy that governs it instead
   */
  public record Tally(
      int matched,
      Map<String, Condition> programmed,
      Map<String, Condition> graceful,
      Map<String, String> overriddenBy) {

    int governed() {
      return matched - overriddenBy.size();
    }
  }

  private PolicyStatus() {}

  /**
   * The next status.
   *
   * @param old null: there was none
   * @param protectsNew whether new Deployments are protected from their first pods on; null: no
   * @return equal to {@code old} if nothing changed
   */
  public static GracefulPolicyStatus next(
      @Nullable GracefulPolicyStatus old,
      Tally tally,
      @Nullable Boolean protectsNew,
      @Nullable Long generation,
      Instant now) {
    Assessment accepted = accepted(tally);
    Assessment programmed = Programming.ofPolicy(tally.programmed(), tally.governed());
    Map<ConditionType, Assessment> assessments = new LinkedHashMap<>();
    assessments.put(ConditionType.Accepted, accepted);
    assessments.put(ConditionType.Programmed, programmed);
    assessments.put(ConditionType.TerminationsGraceful, Verdicts.ofPolicy(tally.graceful()));
    assessments.put(ConditionType.Ready, ready(accepted, programmed));
    long done = tally.programmed().values().stream().filter(Programming::isProgrammed).count();
    return new GracefulPolicyStatus(
        generation,
        tally.matched(),
        Math.toIntExact(done),
        protectsNew,
        Conditions.next(old == null ? null : old.conditions(), assessments, generation, now));
  }

  private static Assessment accepted(Tally tally) {
    if (tally.overriddenBy().isEmpty()) {
      return Assessment.yes("Accepted", "The policy is acted on.");
    }
    var first = new TreeMap<>(tally.overriddenBy()).firstEntry();
    String message =
        "Of "
            + tally.matched()
            + " Deployments an older policy governs "
            + tally.overriddenBy().size()
            + "; "
            + first.getKey()
            + ": "
            + first.getValue()
            + ".";
    return tally.governed() == 0
        ? Assessment.no("Conflicted", message)
        : Assessment.yes("Accepted", message);
  }

  private static Assessment ready(Assessment accepted, Assessment programmed) {
    for (Assessment each : List.of(accepted, programmed)) {
      if (each.status() != Condition.Status.True) {
        return Assessment.no(each.reason(), each.message());
      }
    }
    return Assessment.yes("Ready", "Accepted, and every decision is in place.");
  }
}
