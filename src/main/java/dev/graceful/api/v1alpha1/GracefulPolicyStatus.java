package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts and conditions; the row of each Deployment is its DeploymentProtection. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulPolicyStatus(
    @Min(0) @JsonPropertyDescription("The generation of the policy that this status is about.")
        @Nullable Long observedGeneration,
    @Min(0) @JsonPropertyDescription("How many Deployments the selector matches.")
        @Nullable Integer matchedDeployments,
    @Min(0)
        @JsonPropertyDescription(
            "How many of the matched Deployments are as this policy wants them.")
        @Nullable Integer programmedDeployments,
    @JsonPropertyDescription(
            "Whether a new Deployment with one serving container is protected from its first pods"
                + " on: a MutatingAdmissionPolicy is there to do it, and the API server accepts the"
                + " values in this namespace.")
        @Nullable Boolean protectsNewDeployments,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Accepted, Programmed, TerminationsGraceful and Ready; Reconciling or Stalled while it"
                + " holds.")
        @Nullable List<Condition> conditions) {}
