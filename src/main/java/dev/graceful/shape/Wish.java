package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import org.jspecify.annotations.Nullable;

/**
 * What a policy wants of each of its Deployments.
 *
 * @param readinessProbe for serving containers that have none; null: the policy says nothing of it
 */
public record Wish(
    Apply apply,
    int propagationSeconds,
    int drainSeconds,
    @Nullable ReadinessProbe readinessProbe) {

  /** Reads it from a policy. */
  public static Wish of(GracefulPolicySpec spec) {
    return new Wish(
        spec.applyOrDefault(),
        spec.propagationSecondsOrDefault(),
        spec.drainSecondsOrDefault(),
        spec.readinessProbe());
  }

  /**
   * The preStop sleep: one second more than clients may still come, so that the clocks and the
   * kubelet's rounding do not decide. 0: no hook.
   */
  public int sleepSeconds() {
    return propagationSeconds == 0 ? 0 : propagationSeconds + 1;
  }

  /** The sleep and the time to drain. */
  public int graceSeconds() {
    return sleepSeconds() + drainSeconds;
  }
}
