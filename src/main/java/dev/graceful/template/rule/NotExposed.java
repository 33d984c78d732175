package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing to a Deployment that is in no EndpointSlice, if nothing was decided before. */
final class NotExposed implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    return s.serving().isEmpty() && s.ledger().decision() == null
        ? Draft.leave(
            Reason.NotExposed,
            "No EndpointSlice that clients use has any of its pods, and they have no hostPort, so no"
                + " client is sent to them.",
            "")
        : Optional.empty();
  }
}
