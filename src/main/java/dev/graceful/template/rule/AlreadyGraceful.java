package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing where the owner's own sleeps and grace period suffice. */
final class AlreadyGraceful implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    return s.ownSleepSuffices() && s.wantedGraceSeconds() <= s.graceWithoutUs()
        ? Draft.program(
            Reason.AlreadyGraceful, "The pod template is as the policy wants it.", "", null)
        : Optional.empty();
  }
}
