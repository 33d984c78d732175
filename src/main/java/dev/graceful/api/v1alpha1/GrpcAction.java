package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * A question to the gRPC health service of the pod itself.
 *
 * @param port a number, or the name of one of the container's ports
 * @param service null: the server as a whole
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = PortRule.VALID, message = PortRule.MESSAGE, fieldPath = ".port")
public record GrpcAction(
    @Required @JsonPropertyDescription(PortRule.DESCRIPTION) IntOrString port,
    @Size(max = 253)
        @JsonPropertyDescription(
            "The service that the health service is asked about. Unset: the server as a whole.")
        @Nullable String service) {}
