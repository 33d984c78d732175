package dev.graceful.shape.rule;

import dev.graceful.shape.Shaping.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Adds the sleep to a grace period of the owner's that leaves a shorter drain than the policy's.
 */
final class DrainShortened implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    if (!s.isGraceShort()) {
      return Optional.empty();
    }
    long grace = s.deployment().graceSeconds();
    int drain = s.wish().drainSeconds();
    String leaves =
        s.ownSleepSuffices()
            ? "less than the %d s to drain that the policy asks for.".formatted(drain)
            : "%d s to drain after the preStop sleep; the policy asks for %d s."
                .formatted(grace - s.longestSleepSeconds(), drain);
    return Optional.of(
        new Draft(
            Draft.Kind.PROGRAM,
            Reason.DrainShortened,
            List.of(
                "The Deployment declares terminationGracePeriodSeconds: "
                    + grace
                    + ", which leaves "
                    + leaves),
            ToCommit.grace(s.wantedGraceSeconds()),
            s.sleeping(grace)));
  }
}
