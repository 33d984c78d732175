package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** How long EndpointSlices took to say that a pod leaves, in few numbers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MeasuredSlices(
    @Required @Min(0) @JsonPropertyDescription("How many pods were seen to leave.") int count,
    @Required
        @Min(0)
        @JsonPropertyDescription(
            "The slowest in milliseconds, from the deletion to when no slice had it as ready.")
        long slowestMillis) {}
