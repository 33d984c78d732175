package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * What the pod template held before the operator's first write. A preStop hook is not in it: a
 * container that has one of its own gets none from the operator.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Before(
    @Required @Min(0) @JsonPropertyDescription("The termination grace period in seconds, before.")
        long terminationGracePeriodSeconds) {}
