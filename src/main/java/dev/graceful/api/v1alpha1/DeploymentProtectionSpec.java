package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * Who governs the Deployment, what is decided for it and what was there before.
 *
 * @param decision null: nothing is to be written
 * @param before null: the operator has written nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentProtectionSpec(
    @Required @JsonPropertyDescription("The policy that governs the Deployment.") PolicyRef policy,
    @JsonPropertyDescription(
            "What the operator writes into the Deployment's pod template. Absent: nothing.")
        @Nullable Decision decision,
    @JsonPropertyDescription(
            "What the operator found before it wrote, to be given back later. Absent: it has"
                + " written nothing.")
        @Nullable Before before) {}
