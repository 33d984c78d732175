package dev.graceful.template.rule;

import java.util.Optional;

/** One reason to decide the readiness probe in one way. */
interface ProbeRule {
  /**
   * The draft with the rule's decision added; empty: the rule does not apply.
   *
   * @param sleep the draft for the preStop sleep and the grace period
   */
  Optional<Draft> apply(Situation s, Draft sleep);
}
