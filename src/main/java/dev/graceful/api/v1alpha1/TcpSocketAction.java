package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;

/**
 * A connection to a port of the pod itself.
 *
 * @param port a number, or the name of one of the container's ports
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = PortRule.VALID, message = PortRule.MESSAGE, fieldPath = ".port")
public record TcpSocketAction(
    @Required @JsonPropertyDescription(PortRule.DESCRIPTION) IntOrString port) {}
