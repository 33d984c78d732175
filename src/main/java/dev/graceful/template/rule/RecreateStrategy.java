package dev.graceful.template.rule;

import dev.graceful.facts.Replacement;
import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing under the strategy Recreate. */
final class RecreateStrategy implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    Replacement replacement = s.deployment().replacement();
    if (!replacement.recreate()) {
      return Optional.empty();
    }
    String why =
        "With the strategy Recreate all pods are ended before new ones start: a preStop sleep would"
            + " only make the downtime longer.";
    // With a rolling update a new pod would wait for the old one, or for ever.
    return replacement.held() == null
        ? Draft.leave(Reason.RecreateStrategy, why, "spec:\n  strategy:\n    type: RollingUpdate\n")
        : Draft.leave(
            Reason.RecreateStrategy,
            why
                + " Old and new pods cannot share "
                + replacement.held()
                + ". To have the sleep all the same, commit it.",
            ToCommit.sleep(s, Situation.names(s.withoutOwnHook())));
  }
}
