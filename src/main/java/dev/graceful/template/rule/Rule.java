package dev.graceful.template.rule;

import java.util.Optional;

/** One reason to decide a pod template in one way. */
interface Rule {
  /** The rule's decision; empty: the rule does not apply, and the next one is asked. */
  Optional<Draft> apply(Situation s);
}
