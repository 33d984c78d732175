package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A label selector as Kubernetes has it; both parts must match. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LabelSelector(
    @JsonPropertyDescription("Labels that a Deployment must have, with exactly these values.")
        @Nullable Map<String, String> matchLabels,
    @Size(max = 32) @JsonPropertyDescription("Requirements on labels. All must hold.")
        @Nullable List<LabelSelectorRequirement> matchExpressions) {}
