package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A pod that is known and not yet judged. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchedPod(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The pod's name.") String name,
    @Required @Size(min = 1, max = 64) @JsonPropertyDescription("The pod's uid.") String uid) {}
