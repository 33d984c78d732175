package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the protection stands, what the latest revision that was ended showed, and the journal of the
 * operator's own rollouts and the owner's reverts.
 *
 * @param rolloutGeneration null: the operator has started no rollout
 * @param reverts null: there were none
 * @param contestedGeneration null: the owner keeps the operator's values
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentProtectionStatus(
    @Min(0) @JsonPropertyDescription("The generation of the protection that this status is about.")
        @Nullable Long observedGeneration,
    @Size(max = PrintableText.NAME)
        @JsonPropertyDescription(
            "The TerminationReport that TerminationsGraceful speaks of: that of the revision whose"
                + " pods were ended last.")
        @Nullable String latestReport,
    @JsonPropertyDescription(
            "What the policy could say by what was measured of all revisions. Never applied by"
                + " itself.")
        @Nullable Recommendation recommendation,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Programmed, TerminationsGraceful and Ready; Reconciling or Stalled while it holds.")
        @Nullable List<Condition> conditions,
    @Min(0)
        @JsonPropertyDescription(
            "The generation of the Deployment that the operator's latest write makes, whose rollout"
                + " it waits for.")
        @Nullable Long rolloutGeneration,
    @Size(max = 2)
        @JsonPropertyDescription(
            "When the Deployment's owner took out the operator's values, oldest first.")
        @Nullable List<String> reverts,
    @Min(0)
        @JsonPropertyDescription(
            "The generation of the policy under which the owner took them out twice within an hour."
                + " Until it is edited the Deployment is left alone.")
        @Nullable Long contestedGeneration) {

  public DeploymentProtectionStatus {
    latestReport = PrintableText.orNull(latestReport, PrintableText.NAME);
    reverts = PrintableText.eachOrNull(reverts);
  }

  /** A status without the journal, which is written on its own. */
  public DeploymentProtectionStatus(
      @Nullable Long observedGeneration,
      @Nullable String latestReport,
      @Nullable Recommendation recommendation,
      @Nullable List<Condition> conditions) {
    this(observedGeneration, latestReport, recommendation, conditions, null, null, null);
  }

  /** The same without the journal. */
  public DeploymentProtectionStatus withoutJournal() {
    return new DeploymentProtectionStatus(
        observedGeneration, latestReport, recommendation, conditions);
  }
}
