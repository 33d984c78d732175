package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds no sleep where the owner's grace period would leave too little time to drain. */
final class GraceDeclared implements Rule {

  /** The shortest drain that a sleep may leave, unless the policy wants a shorter one. */
  static final int LEAST_DRAIN_SECONDS = 10;

  @Override
  public Optional<Draft> apply(Situation s) {
    long grace = s.deployment().graceSeconds();
    int sleep = s.wish().sleepSeconds();
    if (!s.isGraceShort() || s.ownSleepSuffices() || grace - sleep >= LEAST_DRAIN_SECONDS) {
      return Optional.empty();
    }
    return Draft.leave(
        Reason.GraceDeclared,
        "The Deployment declares terminationGracePeriodSeconds: "
            + grace
            + "; a preStop sleep of "
            + sleep
            + " s would leave it less than "
            + LEAST_DRAIN_SECONDS
            + " s to drain.",
        ToCommit.grace(s.wantedGraceSeconds()));
  }
}
