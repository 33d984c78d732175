package dev.graceful.judge.hint;

import dev.graceful.evidence.SigtermWindow;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/** It ended with 143 at once after SIGTERM: by the default action, or in a good order. */
public record EndedAtOnce() implements Hint {

  /** Not where a request was cut: that finding says more. */
  public static Optional<EndedAtOnce> in(Evidence evidence) {
    SigtermWindow sigterm = evidence.timeline().sigterm();
    return sigterm == null
        ? Optional.empty()
        : evidence
            .end()
            .filter(e -> e.isTerminated() && e.exit().posix())
            .filter(e -> e.seenMillis() < sigterm.latestMillis() + Tolerances.AT_ONCE_MILLIS)
            .filter(e -> evidence.requests().cut().isEmpty())
            .map(e -> new EndedAtOnce());
  }

  @Override
  public String message() {
    return "It ended with 143 within a second of SIGTERM: it has no handler, or it had nothing to"
        + " wait for. A slower verify.http.path would show which.";
  }
}
