package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.template.Selection;
import java.time.Instant;
import java.util.LinkedHashMap;
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
   * @param policy with its status until now
   * @param protectsNew whether new Deployments are protected from their first pods on; null: no
   * @return equal to the policy's if nothing changed
   */
  public static GracefulPolicyStatus next(
      GracefulPolicy policy, Tally tally, @Nullable Boolean protectsNew, Instant now) {
    GracefulPolicyStatus old = policy.getStatus();
    Long generation = policy.getMetadata().getGeneration();
    Assessment accepted = accepted(tally);
    Assessment programmed =
        tally.matched() == 0
            ? nothingSelected(policy)
            : Programming.ofPolicy(tally.programmed(), tally.governed());
    Map<ConditionType, Assessment> assessments = new LinkedHashMap<>();
    assessments.put(ConditionType.Accepted, accepted);
    assessments.put(ConditionType.Programmed, programmed);
    assessments.put(ConditionType.TerminationsGraceful, Verdicts.ofPolicy(tally.graceful()));
    Standing.add(accepted.status() == Condition.Status.True ? programmed : accepted, assessments);
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
        ? Assessment.no(Standing.CONFLICTED, message)
        : Assessment.yes("Accepted", message);
  }

  /** A rest, as a policy may well be there before its Deployments. */
  private static Assessment nothingSelected(GracefulPolicy policy) {
    // The command comes last, as a long selector may be cut. It quotes what others wrote.
    String query = Selection.query(policy.getSpec().selector()).replace("'", "'\\''");
    return Assessment.no(
        "NothingSelected",
        "The selector matches no Deployment. Correct it, or the labels of the Deployments themselves"
            + " (those of their pods do not count), or create a Deployment with such labels. This"
            + " lists what the policy selects: kubectl get deployments -n "
            + policy.getMetadata().getNamespace()
            + " -l '"
            + query
            + "'");
  }
}
