package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A status condition by the Kubernetes API conventions. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @Size(min = 1, max = Condition.LONGEST_TYPE)
        @Pattern("^[A-Z][A-Za-z]*$")
        @JsonPropertyDescription("What the condition is about.")
        String type,
    @Required @JsonPropertyDescription("Whether it holds.") Status status,
    @Required
        @Size(min = 1, max = Condition.LONGEST_REASON)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        @JsonPropertyDescription("Why, in one word for programs.")
        String reason,
    @Required
        @Size(max = 32768)
        @JsonPropertyDescription("Why, in a sentence for people, with what to do about it.")
        String message,
    @Required
        @Size(max = PrintableText.WORD)
        @JsonPropertyDescription("When the status last changed (RFC 3339).")
        String lastTransitionTime,
    @Min(0) @JsonPropertyDescription("The generation of the object that this was decided on.")
        @Nullable Long observedGeneration) {

  private static final int LONGEST_TYPE = 316;
  private static final int LONGEST_REASON = 1_024;

  /** The API conventions allow 32,768 characters, which is more than people read. */
  private static final int LONGEST_MESSAGE = 2_000;

  public Condition {
    type = PrintableText.of(type, LONGEST_TYPE);
    reason = PrintableText.of(reason, LONGEST_REASON);
    message = PrintableText.of(message, LONGEST_MESSAGE);
    lastTransitionTime = PrintableText.of(lastTransitionTime, PrintableText.WORD);
  }

  /** Whether a condition holds. */
  public enum Status {
    True,
    False,
    Unknown
  }
}
