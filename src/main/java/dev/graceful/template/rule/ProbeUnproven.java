package dev.graceful.template.rule;

import dev.graceful.facts.ReadinessAnswer.Failed;
import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds no readiness probe that no running pod has passed, and says why. */
final class ProbeUnproven implements ProbeRule {
  @Override
  public Optional<Draft> apply(Situation s, Draft sleep) {
    return Optional.of(unproven(s, sleep));
  }

  static Draft unproven(Situation s, Draft draft) {
    String why =
        s.answer() instanceof Failed failed
            ? failed.why()
            : s.ports().exposed()
                ? "no serving container without a probe has its port"
                : "no running pod is there to try it on";
    return draft.saying(
        draft.kind() == Draft.Kind.LEAVE ? draft.reason() : Reason.ReadinessUnproven,
        "The policy's readiness probe is not written: " + why + ".");
  }
}
