package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What a policy could say, by what was measured. Never applied by the operator itself. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recommendation(
    @Min(0)
        @Max(300)
        @JsonPropertyDescription(
            "By how clients reach the pods, and how long their EndpointSlices took to say that a"
                + " pod leaves. Absent: no Service has the pods.")
        @Nullable Integer propagationSeconds,
    @Min(1)
        @Max(3600)
        @JsonPropertyDescription(
            "By the longest of at least 20 drains. Absent: too few were measured, or more time"
                + " would not help.")
        @Nullable Integer drainSeconds,
    @Required
        @Size(max = Recommendation.LONGEST_MESSAGE)
        @JsonPropertyDescription("Where the numbers come from, and what no number would set right.")
        String message) {

  private static final int LONGEST_MESSAGE = 2_048;

  public Recommendation {
    message = PrintableText.of(message, LONGEST_MESSAGE);
  }
}
