package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One termination with its verdict and its timeline. Times are milliseconds since the operator
 * first saw the deletion, on one monotonic clock; null: not seen.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportedTermination(
    @Required @Size(min = 1, max = PrintableText.NAME) @JsonPropertyDescription("The pod's name.")
        String pod,
    @Required @Size(min = 1, max = PrintableText.WORD) @JsonPropertyDescription("The pod's uid.")
        String uid,
    @Required
        @Size(min = 1, max = PrintableText.WORD)
        @JsonPropertyDescription("Rollout, ScaleIn, Eviction, Deletion or Other.")
        String cause,
    @Required @Size(min = 1, max = PrintableText.WORD) @JsonPropertyDescription("The verdict.")
        String verdict,
    @Size(max = 16) @JsonPropertyDescription("All findings, the verdict first.")
        @Nullable List<String> findings,
    @Required
        @Size(max = ReportedTermination.LONGEST_MESSAGE)
        @JsonPropertyDescription("What was seen, in a sentence, and what sets it right.")
        String message,
    @Size(max = ReportedTermination.LONGEST_RESTS_ON)
        @JsonPropertyDescription(
            "What the verdict rests on: requests (and which, and how long their answers take),"
                + " connections, or the pod's status alone.")
        @Nullable String restsOn,
    @Size(max = 16) @JsonPropertyDescription("Hints. They do not change the verdict.")
        @Nullable List<String> advice,
    @Size(max = PrintableText.WORD) @JsonPropertyDescription("When it was judged (RFC 3339).")
        @Nullable String judgedTime,
    @Min(0) @JsonPropertyDescription("The pod's preStop sleep in seconds; 0: none.")
        @Nullable Integer sleepSeconds,
    @Min(0) @JsonPropertyDescription("The grace period of the deletion in seconds.")
        @Nullable Long graceSeconds,
    @JsonPropertyDescription("When the pod was not ready any more in all its EndpointSlices.")
        @Nullable Long leftMillis,
    @JsonPropertyDescription("When it was last seen to serve.") @Nullable Long lastServedMillis,
    @JsonPropertyDescription("When it was first seen to refuse connections.")
        @Nullable Long refusedMillis,
    @JsonPropertyDescription("When SIGTERM came, at the latest.") @Nullable Long sigtermMillis,
    @JsonPropertyDescription("When its serving containers were seen to have ended.")
        @Nullable Long endedMillis,
    @JsonPropertyDescription("The exit code of its serving container.") @Nullable Integer exitCode,
    @Min(0) @JsonPropertyDescription("How many fresh connections the operator tried.")
        @Nullable Integer connectionAttempts,
    @Min(0) @JsonPropertyDescription("How many requests it sent on connections that it kept.")
        @Nullable Integer keepAliveRequests) {

  private static final int LONGEST_MESSAGE = 4_096;
  private static final int LONGEST_RESTS_ON = 2_048;

  public ReportedTermination {
    pod = PrintableText.of(pod, PrintableText.NAME);
    uid = PrintableText.of(uid, PrintableText.WORD);
    cause = PrintableText.of(cause, PrintableText.WORD);
    verdict = PrintableText.of(verdict, PrintableText.WORD);
    findings = PrintableText.eachOrNull(findings);
    message = PrintableText.of(message, LONGEST_MESSAGE);
    restsOn = PrintableText.orNull(restsOn, LONGEST_RESTS_ON);
    advice = PrintableText.eachOrNull(advice);
    judgedTime = PrintableText.orNull(judgedTime, PrintableText.WORD);
  }
}
