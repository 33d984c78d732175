package dev.graceful.template;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import org.jspecify.annotations.Nullable;

/**
 * A policy's goal for each of its Deployments.
 *
 * @param propagationSeconds how long clients may still come after a pod has left its endpoints
 * @param drainSeconds how long the app may take to end after SIGTERM
 * @param readinessProbe for serving containers that have none; null: the policy has none
 */
public record ShutdownGoal(
    Apply apply,
    int propagationSeconds,
    int drainSeconds,
    @Nullable ReadinessProbe readinessProbe) {

  /**
   * How much longer a container sleeps that serves no port of a Service. Requests that a container
   * in front of it has in hand at its own SIGTERM, 50 ms to 2 s as a rule, then still find it. The
   * chart has the same number, for new Deployments.
   */
  public static final int HELPERS_LONGER_SECONDS = 2;

  /** The goal in a policy. */
  public static ShutdownGoal of(GracefulPolicySpec spec) {
    return new ShutdownGoal(
        spec.applyOrDefault(),
        spec.propagationSecondsOrDefault(),
        spec.drainSecondsOrDefault(),
        spec.readinessProbe());
  }

  /**
   * The preStop sleep; 0: no hook. It is one second longer than the propagation, so that clocks and
   * the kubelet's rounding do not make it too short.
   */
  public int sleepSeconds() {
    return propagationSeconds == 0 ? 0 : propagationSeconds + 1;
  }

  /** The preStop sleep of a container that serves no port of a Service; 0: no hook. */
  public int helperSleepSeconds() {
    return propagationSeconds == 0 ? 0 : sleepSeconds() + HELPERS_LONGER_SECONDS;
  }

  /** The grace period: the sleep and the drain. */
  public int graceSeconds() {
    return sleepSeconds() + drainSeconds;
  }
}
