package dev.graceful.template.rule;

import dev.graceful.facts.Replacement;
import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/**
 * Adds nothing where a new pod waits for the end of an old one: no surge, and what the old one
 * holds.
 */
final class NoSurge implements Rule {

  @Override
  public Optional<Draft> apply(Situation s) {
    Replacement replacement = s.deployment().replacement();
    return replacement.surges() || replacement.held() == null
        ? Optional.empty()
        : Draft.leave(
            Reason.NoSurge,
            "With maxSurge: 0 an old pod is deleted before a new one is made, and that needs "
                + replacement.held()
                + ", which the old one holds to its end: a preStop sleep would make the downtime"
                + " longer. To have the sleep all the same, commit it.",
            ToCommit.sleep(s, Situation.names(s.withoutOwnHook())));
  }
}
