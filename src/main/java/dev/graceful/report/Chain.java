package dev.graceful.report;

import dev.graceful.facts.DeregistrationDelay;
import dev.graceful.facts.Exposure;
import org.jspecify.annotations.Nullable;

/**
 * Whether the times of a termination fit into each other: the deregistration delay of a load
 * balancer into the preStop sleep, and the sleep with the drain into the grace period. What a node
 * gives at its own shutdown is a setting of its kubelet, which the API does not show.
 */
final class Chain {

  private Chain() {}

  /**
   * A sentence for each that does not fit, with its numbers and the cure.
   *
   * @param drainSeconds what was measured to be needed; null: not known, the policy's own counts
   * @return empty: all fit, as far as is known
   */
  static String words(Exposure exposure, @Nullable Integer drainSeconds, PodTimes times) {
    Integer sleep = times.sleepSeconds();
    if (sleep == null) {
      return "";
    }
    DeregistrationDelay delay = Propagation.longestDelay(exposure).orElse(null);
    boolean tooShort = delay != null && delay.seconds() > sleep;
    int propagation =
        delay == null || !tooShort ? 0 : Math.min(Propagation.MOST_SECONDS, delay.seconds());
    int wanted = tooShort ? Math.max(sleep, propagation + 1) : sleep;
    int drain = drainSeconds == null ? times.drainSeconds() : drainSeconds;
    return (delay == null || !tooShort ? "" : delayed(delay, sleep))
        + (wanted + drain <= times.graceSeconds() ? "" : cutShort(wanted, drain, times));
  }

  private static String delayed(DeregistrationDelay delay, int sleep) {
    String fault =
        " The deregistration delay of %d s (%s) is longer than the preStop sleep of %d s"
            .formatted(delay.seconds(), delay.source(), sleep);
    return delay.seconds() > Propagation.MOST_SECONDS
        ? "%s, and longer than any that a policy can set: lower it to %d s."
            .formatted(fault, Propagation.MOST_SECONDS)
        : "%s: raise propagationSeconds to %d.".formatted(fault, delay.seconds());
  }

  private static String cutShort(int sleep, int drain, PodTimes times) {
    String fault =
        " A preStop sleep of %d s and a drain of %d s take %d s, longer than the grace period of %d s"
            .formatted(sleep, drain, sleep + drain, times.graceSeconds());
    return times.graceDeclared()
        ? "%s, which its owner declares: raise terminationGracePeriodSeconds to %d."
            .formatted(fault, sleep + drain)
        : "%s. A policy with these numbers makes it %d s.".formatted(fault, sleep + drain);
  }
}
