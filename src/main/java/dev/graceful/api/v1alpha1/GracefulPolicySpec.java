package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * How the pods of the selected Deployments are to be ended.
 *
 * @param apply filled in by the schema; null only in objects that never met it
 * @param propagationSeconds filled in by the schema; null only in objects that never met it
 * @param drainSeconds filled in by the schema; null only in objects that never met it
 * @param readinessProbe null: none is given to anybody
 * @param verify null: the operator decides how to verify
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulPolicySpec(
    @Required
        @JsonPropertyDescription(
            "Selects Deployments of the policy's own namespace by their labels. An empty selector"
                + " ({}) selects every Deployment of the namespace.")
        LabelSelector selector,
    @Default("OnRollout")
        @JsonPropertyDescription(
            "When the pod templates of the selected Deployments are changed. Never: they are not;"
                + " terminations are only observed and judged. OnRollout: with the owner's own next"
                + " change of the template, so that the policy restarts nothing. Immediately: one"
                + " Deployment after the other, as soon as it has no rollout under way, which"
                + " starts one.")
        @Nullable Apply apply,
    @Min(0)
        @Max(300)
        @Default("5")
        @JsonPropertyDescription(
            "For how many seconds clients may still come after a pod has left its endpoints: 5 is"
                + " enough inside a cluster; load balancers outside of it need more. The pod goes on"
                + " serving that long (a preStop sleep one second longer). 0: no preStop hook.")
        @Nullable Integer propagationSeconds,
    @Min(1)
        @Max(3600)
        @Default("30")
        @JsonPropertyDescription(
            "How many seconds the process gets, after SIGTERM, for the work that it has in hand."
                + " The termination grace period is this and the preStop sleep together.")
        @Nullable Integer drainSeconds,
    @JsonPropertyDescription(
            "A readiness probe for those serving containers that have none; it replaces nothing."
                + " It is only written where its port is one that the container serves, and a"
                + " running pod has passed it. Unset: no probe is written.")
        @Nullable ReadinessProbe readinessProbe,
    @JsonPropertyDescription(
            "How terminations are verified. Unset: the operator decides, and the protection says"
                + " what it did.")
        @Nullable Verify verify) {

  /** When templates may be changed, or the schema's default. */
  public Apply applyOrDefault() {
    return apply == null ? Apply.OnRollout : apply;
  }

  /** The seconds that clients may still come, or the schema's default. */
  public int propagationSecondsOrDefault() {
    return propagationSeconds == null ? 5 : propagationSeconds;
  }

  /** The seconds to drain, or the schema's default. */
  public int drainSecondsOrDefault() {
    return drainSeconds == null ? 30 : drainSeconds;
  }
}
