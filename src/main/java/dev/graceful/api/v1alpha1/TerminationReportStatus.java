package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The terminations of a revision: counts, the worst ones, and the pods still to be judged. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TerminationReportStatus(
    @Min(0) @JsonPropertyDescription("How many terminations have been judged.")
        @Nullable Integer terminations,
    @Size(max = 32) @JsonPropertyDescription("How many terminations got which verdict.")
        @Nullable List<VerdictCount> verdicts,
    @Size(max = 8) @JsonPropertyDescription("How many terminations had which cause.")
        @Nullable List<CauseCount> causes,
    @JsonPropertyDescription(
            "The shortest time in milliseconds that a pod was seen to serve after it had left its"
                + " endpoints; negative if it stopped before.")
        @Nullable Long smallestMarginMillis,
    @JsonPropertyDescription("How long its processes took to end after SIGTERM.")
        @Nullable MeasuredDrains drains,
    @JsonPropertyDescription("How long EndpointSlices took to say that its pods leave.")
        @Nullable MeasuredSlices slices,
    @JsonPropertyDescription(
            "What a policy could say by this revision's measures, as of its latest termination.")
        @Nullable Recommendation recommendation,
    @JsonPropertyDescription("When the latest termination was judged (RFC 3339).")
        @Size(max = PrintableText.WORD)
        @Nullable String latestTerminationTime,
    @Size(max = TerminationReportStatus.WORST_KEPT)
        @JsonPropertyDescription("The worst terminations, worst first, each with its timeline.")
        @Nullable List<ReportedTermination> worstTerminations,
    @Size(max = 10000)
        @JsonPropertyDescription(
            "The revision's pods that are known and not yet judged. A pod that is missing later"
                + " without having been seen to the end is counted Inconclusive.")
        @Nullable List<WatchedPod> watchedPods,
    @Size(max = 16) @JsonPropertyDescription("TerminationsGraceful, for this revision.")
        @Nullable List<Condition> conditions) {

  public TerminationReportStatus {
    latestTerminationTime = PrintableText.orNull(latestTerminationTime, PrintableText.WORD);
  }

  /** How many terminations are kept with their timelines. */
  public static final int WORST_KEPT = 50;
}
