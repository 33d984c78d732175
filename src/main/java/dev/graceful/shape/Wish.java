package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;

/** What a policy wants of each of its Deployments. */
public record Wish(Apply apply, int propagationSeconds, int drainSeconds) {

  /** Reads it from a policy. */
  public static Wish of(GracefulPolicySpec spec) {
    return new Wish(spec.apply(), spec.propagationSecondsOrDefault(), spec.drainSecondsOrDefault());
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
