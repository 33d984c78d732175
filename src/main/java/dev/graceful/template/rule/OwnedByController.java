package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.Optional;

/** Adds nothing to a Deployment that another controller owns, which may write all of it again. */
final class OwnedByController implements Rule {

  @Override
  public Optional<Draft> apply(Situation s) {
    String controller = s.deployment().controller();
    return controller == null
        ? Optional.empty()
        : Draft.leave(
            Reason.OwnedByController,
            controller
                + " is the controlling owner of the Deployment and may write its whole spec again at"
                + " any time, so the pod template is left alone; terminations are only judged. Set"
                + " what the pods need where that controller reads it.",
            "");
  }
}
