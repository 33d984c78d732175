package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the protection stands, and what the latest revision that was ended showed. */
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
        @Nullable List<Condition> conditions) {

  public DeploymentProtectionStatus {
    latestReport = PrintableText.orNull(latestReport, PrintableText.NAME);
  }
}
