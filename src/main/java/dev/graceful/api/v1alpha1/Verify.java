package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How terminations are verified.
 *
 * @param mode null: the operator decides
 * @param http null: what the container's readiness probe asks
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.http) || !has(self.mode) || self.mode == 'Http'",
    message = "http says what is requested: set mode to Http, or leave it out",
    fieldPath = ".http")
public record Verify(
    @JsonPropertyDescription(
            "Http: the operator sends GET requests to a terminating pod's serving port, as the"
                + " clients do that have not yet heard of its leaving or that keep their"
                + " connections. Connect: it opens connections, one at a time, and sends nothing."
                + " None: it does neither, and can only tell failures that the pod's own status"
                + " shows. Unset: Http where the container's readiness probe sends GET requests to"
                + " a serving port, else Connect.")
        @Nullable VerifyMode mode,
    @JsonPropertyDescription("What is requested with mode Http.") @Nullable VerifyHttp http) {}
