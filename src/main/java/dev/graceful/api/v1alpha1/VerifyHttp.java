package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * What is requested of a terminating pod.
 *
 * @param path null: the path of the container's own readiness probe
 * @param port a number, or the name of one of the container's ports; null: that of the container's
 *     own readiness probe, or else its serving port
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.path) || (" + HttpGetAction.PATH_VALID + ")",
    message = HttpGetAction.PATH_MESSAGE,
    fieldPath = ".path")
@ValidationRule(
    value = "!has(self.port) || (" + PortRule.VALID + ")",
    message = PortRule.MESSAGE,
    fieldPath = ".port")
public record VerifyHttp(
    @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "The path that is requested with GET. The longer it works on an answer, and the more of"
                + " the app it goes through (a query of the database, for instance), the more a"
                + " verdict can prove. Unset: the path of the container's own readiness probe.")
        @Nullable String path,
    @JsonPropertyDescription(
            PortRule.DESCRIPTION + " Unset: that of the container's own readiness probe.")
        @Nullable IntOrString port) {}
