package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** How long processes took to end after SIGTERM, in few numbers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MeasuredDrains(
    @Required @Min(0) @JsonPropertyDescription("How many drains were measured.") int count,
    @Required
        @Min(0)
        @JsonPropertyDescription(
            "The longest in milliseconds, from SIGTERM to the end as it was seen.")
        long longestMillis,
    @Required
        @Min(0)
        @JsonPropertyDescription(
            "How many were cut off by SIGKILL at the end of the grace period: these would have"
                + " taken longer.")
        int killed,
    @Required
        @Min(0)
        @JsonPropertyDescription("How many of the killed still served at that moment.")
        int signalIgnored) {}
