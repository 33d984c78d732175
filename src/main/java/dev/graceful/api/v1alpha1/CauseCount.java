package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** How many terminations had a cause. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CauseCount(
    @Required
        @Size(min = 1, max = PrintableText.WORD)
        @JsonPropertyDescription("Rollout, ScaleIn, Eviction, Deletion or Other.")
        String cause,
    @Required @Min(0) @JsonPropertyDescription("How many had it.") int count) {

  public CauseCount {
    cause = PrintableText.of(cause, PrintableText.WORD);
  }
}
