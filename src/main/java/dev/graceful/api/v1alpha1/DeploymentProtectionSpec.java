package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who governs the Deployment, what is decided for it and what was there before. The chart's
 * MutatingAdmissionPolicy reads it inside the owner's own writes.
 *
 * @param apply null: nothing was decided yet
 * @param atAdmission null: as false
 * @param decision null: nothing of the operator's is to be in the template
 * @param earlier null: there was none
 * @param before null: nothing was decided yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentProtectionSpec(
    @Required @JsonPropertyDescription("The policy that governs the Deployment.") PolicyRef policy,
    @JsonPropertyDescription("When the Deployment's pod template may be changed.")
        @Nullable Apply apply,
    @JsonPropertyDescription(
            "Whether the template is changed inside the owner's own writes, by the chart's"
                + " MutatingAdmissionPolicy.")
        @Nullable Boolean atAdmission,
    @JsonPropertyDescription(
            "The operator's values for the Deployment's pod template. The API server has accepted"
                + " them in a dry run. Absent: no values, and those in the template go back.")
        @Nullable Decision decision,
    @Size(max = 3)
        @JsonPropertyDescription(
            "Decisions before this one, newest first. What of them is still in the template is the"
                + " operator's too.")
        @Nullable List<Decision> earlier,
    @JsonPropertyDescription(
            "What was in the template before the operator's part, to be given back later.")
        @Nullable Before before) {

  /** A protection that nothing is decided for yet. */
  public DeploymentProtectionSpec(PolicyRef policy) {
    this(policy, null, null, null, null, null);
  }
}
