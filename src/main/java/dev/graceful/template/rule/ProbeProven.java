package dev.graceful.template.rule;

import dev.graceful.facts.ReadinessAnswer.Passed;
import dev.graceful.template.Readiness.Trial;
import dev.graceful.template.Shaping.Reason;
import java.util.List;
import java.util.Optional;

/** Adds the policy's readiness probe that a running pod has passed, or that is in the template. */
final class ProbeProven implements ProbeRule {
  @Override
  public Optional<Draft> apply(Situation s, Draft sleep) {
    Trial trial = s.candidate();
    return trial != null && (s.isInPlace(trial) || s.answer() instanceof Passed)
        ? proven(sleep.withProbe(trial.probe(), List.of(trial.container()), s))
        : Optional.empty();
  }

  /** With a probe of the operator's, the template is no longer good by its owner alone. */
  static Optional<Draft> proven(Draft draft) {
    return draft.reason() == Reason.AlreadyGraceful
        ? Draft.program(draft.decision())
        : Optional.of(draft);
  }
}
