package dev.graceful.template.rule;

import java.util.Optional;

/**
 * Adds the policy's sleep to every container without a preStop hook, and raises the grace period as
 * needed. It never goes below the owner's; only the operator's part of it follows the policy down.
 */
final class AddSleep implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    return Draft.program(s.sleeping(s.longEnoughGraceSeconds()));
  }
}
