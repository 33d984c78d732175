package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import java.util.Optional;

/**
 * Keeps the last decision of a Deployment that is in no EndpointSlice and has none of the decided
 * containers any more. A grace period that its owner has declared since replaces the decided one.
 */
final class KeepDecision implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    Decision decided = s.ledger().decision();
    if (decided == null || !s.serving().isEmpty()) {
      return Optional.empty();
    }
    long grace =
        s.ledger().graceIsDeclared(s.deployment())
            ? s.deployment().graceSeconds()
            : Math.max(s.graceWithoutUs(), decided.terminationGracePeriodSeconds());
    return Draft.program(decided.withGrace(grace));
  }
}
