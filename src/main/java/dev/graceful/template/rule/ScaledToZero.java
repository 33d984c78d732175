package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing to a Deployment that wants no pod, if nothing was decided before. */
final class ScaledToZero implements Rule {

  @Override
  public Optional<Draft> apply(Situation s) {
    return s.deployment().scaledToZero() && s.serving().isEmpty() && s.ledger().decision() == null
        ? Draft.leave(
            Reason.ScaledToZero,
            "The Deployment has 0 replicas; it is decided on once one of its pods is in an"
                + " EndpointSlice. Pods that another controller makes of its template, as an Argo"
                + " Rollout with a workloadRef does, are not followed.",
            "")
        : Optional.empty();
  }
}
