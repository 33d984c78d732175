package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds the sleep, though the owner's grace period leaves a shorter drain than the policy's. */
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
            ? "less than the " + drain + " s to drain that the policy asks for."
            : grace
                - s.longestSleepSeconds()
                + " s to drain after the preStop sleep; the policy asks for "
                + drain
                + " s.";
    return Draft.program(
        Reason.DrainShortened,
        "The Deployment declares terminationGracePeriodSeconds: "
            + grace
            + ", which leaves "
            + leaves,
        ToCommit.grace(s.wantedGraceSeconds()),
        s.sleeping(grace));
  }
}
