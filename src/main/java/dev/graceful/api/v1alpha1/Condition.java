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
        @Size(min = 1, max = 316)
        @Pattern("^[A-Z][A-Za-z]*$")
        @JsonPropertyDescription("What the condition is about.")
        String type,
    @Required @JsonPropertyDescription("Whether it holds.") Status status,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        @JsonPropertyDescription("Why, in one word for programs.")
        String reason,
    @Required
        @Size(max = 32768)
        @JsonPropertyDescription("Why, in a sentence for people, with what to do about it.")
        String message,
    @Required @Size(max = 64) @JsonPropertyDescription("When the status last changed (RFC 3339).")
        String lastTransitionTime,
    @Min(0) @JsonPropertyDescription("The generation of the object that this was decided on.")
        @Nullable Long observedGeneration) {

  /** Whether a condition holds. */
  public enum Status {
    True,
    False,
    Unknown
  }
}
