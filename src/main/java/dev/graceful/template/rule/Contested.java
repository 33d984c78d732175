package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.template.Shaping.Reason;
import java.util.List;
import java.util.Optional;

/** Adds nothing for an owner who takes out the operator's values; always applies. */
final class Contested implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    List<String> names =
        s.ledger().decisions().map(Decision::containers).findFirst().orElse(List.of());
    return Draft.leave(
        Reason.Contested,
        "The owner has taken out twice within an hour what the operator wrote, so it is left alone"
            + " until the policy is edited.",
        ToCommit.sleep(s, names));
  }
}
