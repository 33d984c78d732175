package dev.graceful.judge.hint;

import dev.graceful.evidence.SigtermWindow;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/** Its readiness probe went on to succeed long after SIGTERM. */
public record StillReady() implements Hint {

  /** Its Ready condition was true to the end. */
  public static Optional<StillReady> in(Evidence evidence) {
    SigtermWindow sigterm = evidence.timeline().sigterm();
    return sigterm == null
            || !evidence.timeline().template().readinessProbe()
            || evidence.timeline().unreadyMillis() != null
        ? Optional.empty()
        : evidence
            .end()
            .filter(e -> e.seenMillis() > sigterm.latestMillis() + Tolerances.STILL_READY_MILLIS)
            .map(e -> new StillReady());
  }

  @Override
  public String message() {
    return "Its readiness probe said yes long after SIGTERM: load balancers that poll it go on"
        + " sending.";
  }
}
