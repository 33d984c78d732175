package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * A GET of a path of the pod itself.
 *
 * @param port a number, or the name of one of the container's ports
 * @param scheme null: Kubernetes' default, HTTP
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = HttpGetAction.PATH_VALID,
    message = HttpGetAction.PATH_MESSAGE,
    fieldPath = ".path")
@ValidationRule(value = PortRule.VALID, message = PortRule.MESSAGE, fieldPath = ".port")
public record HttpGetAction(
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "The path, with a query if there is one: /ready, /health?full=1. It begins with a"
                + " single /.")
        String path,
    @Required @JsonPropertyDescription(PortRule.DESCRIPTION) IntOrString port,
    @JsonPropertyDescription(
            "HTTP or HTTPS; with HTTPS the certificate is not checked. Unset: Kubernetes' default,"
                + " HTTP.")
        @Nullable Scheme scheme) {

  static final String PATH_VALID =
      "self.path.matches(r\"^/([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$\")"
          + " && !self.path.startsWith('//')";

  static final String PATH_MESSAGE =
      "a path begins with one / and has only what may stand in a URL's path and query; write"
          + " anything else with %, a space as %20";

  /** How the pod is spoken to. */
  public enum Scheme {
    HTTP,
    HTTPS
  }
}
