package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** How many terminations got a verdict. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerdictCount(
    @Required @Size(min = 1, max = PrintableText.WORD) @JsonPropertyDescription("The verdict.")
        String verdict,
    @Required @Min(0) @JsonPropertyDescription("How many got it.") int count) {

  public VerdictCount {
    verdict = PrintableText.of(verdict, PrintableText.WORD);
  }
}
