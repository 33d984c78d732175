package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Changes nothing under {@code apply: Never}, not even what the operator wrote before. */
final class ApplyNever implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    if (s.wish().apply() != Apply.Never) {
      return Optional.empty();
    }
    String before =
        s.ledger().decision() == null ? "" : "what the operator wrote before stays, and ";
    return Draft.observe(
        Reason.ObserveOnly,
        "The policy says apply: Never; " + before + "terminations are only judged.",
        s.ledger().decision());
  }
}
