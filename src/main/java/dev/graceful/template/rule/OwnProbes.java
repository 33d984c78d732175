package dev.graceful.template.rule;

import java.util.Optional;

/** Adds nothing where all serving containers have readiness probes of their own. */
final class OwnProbes implements ProbeRule {
  @Override
  public Optional<Draft> apply(Situation s, Draft sleep) {
    return s.unprobed().isEmpty() ? Optional.of(sleep) : Optional.empty();
  }
}
