package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing under the strategy Recreate. */
final class RecreateStrategy implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    return s.deployment().recreate()
        ? Draft.leave(
            Reason.RecreateStrategy,
            "With the strategy Recreate all pods are ended before new ones start: a preStop sleep"
                + " would only make the downtime longer.",
            "spec:\n  strategy:\n    type: RollingUpdate\n")
        : Optional.empty();
  }
}
