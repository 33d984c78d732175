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
    @Size(max = TerminationReportStatus.MOST_LISTED)
        @JsonPropertyDescription(
            "The revision's pods that are known and not yet judged, at most 10 s old. A pod that is"
                + " missing after the operator was away is counted Inconclusive.")
        @Nullable List<WatchedPod> watchedPods,
    @Min(1)
        @JsonPropertyDescription("How many more there are, where watchedPods cannot list them all.")
        @Nullable Integer unlistedPods,
    @JsonPropertyDescription("By which the operator finds whether these are still the same pods.")
        @Nullable Integer unlistedDigest,
    @Min(1)
        @JsonPropertyDescription(
            "How many unlisted pods, at most, ended when the operator was away. With any, the"
                + " revision is not called graceful.")
        @Nullable Integer unaccountedPods,
    @Size(max = 16) @JsonPropertyDescription("TerminationsGraceful, for this revision.")
        @Nullable List<Condition> conditions) {

  public TerminationReportStatus {
    latestTerminationTime = PrintableText.orNull(latestTerminationTime, PrintableText.WORD);
  }

  /** How many terminations are kept with their timelines. */
  public static final int WORST_KEPT = 50;

  /** How many pods are listed: the API server takes no object of more than 1.5 MiB. */
  public static final int MOST_LISTED = 2_000;
}
