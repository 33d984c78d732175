package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How terminations are verified.
 *
 * @param mode null: the operator decides
 * @param http null: what the container's readiness probe asks
 * @param ports null: all that clients use
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.http) || !has(self.mode) || self.mode == 'Http'",
    message = "http says what is requested: set mode to Http, or leave it out",
    fieldPath = ".http")
@ValidationRule(
    value = "!has(self.ports) || !has(self.mode) || self.mode != 'None'",
    message = "ports says what is connected to: set mode to Http or Connect, or leave it out",
    fieldPath = ".ports")
@ValidationRule(
    value = "!has(self.ports) || " + PortRule.ALL_VALID,
    message = PortRule.MESSAGE,
    fieldPath = ".ports")
public record Verify(
    @JsonPropertyDescription(
            "Http: the operator sends GET requests to a terminating pod's serving port, as the"
                + " clients do that have not yet heard of its leaving or that keep their"
                + " connections. Connect: it opens connections, one at a time, and sends nothing."
                + " None: it does neither, and can only tell failures that the pod's own status"
                + " shows. Unset: Http where the container's readiness probe sends GET requests to"
                + " a serving port, else Connect.")
        @Nullable VerifyMode mode,
    @JsonPropertyDescription("What is requested with mode Http.") @Nullable VerifyHttp http,
    @Size(min = 1, max = 4)
        @JsonPropertyDescription(
            "The ports of a terminating pod that a verdict is about: their numbers, or the names"
                + " under which the containers declare them. Of these, those count that clients"
                + " use. Unset: all TCP ports that clients use, four at most.")
        @Nullable List<IntOrString> ports) {}
