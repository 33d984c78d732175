package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * How terminations are verified.
 *
 * @param mode null: the operator decides
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verify(
    @JsonPropertyDescription(
            "Connect: the operator opens connections to a terminating pod's serving port, as a"
                + " client that has not yet heard of its leaving would. None: it sends nothing, and"
                + " can only tell failures that the pod's own status shows.")
        @Nullable VerifyMode mode) {}
