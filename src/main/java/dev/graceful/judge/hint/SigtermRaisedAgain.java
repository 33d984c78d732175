package dev.graceful.judge.hint;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.finding.ExitedWithError;
import java.util.Optional;

/** It answered all that it had in flight, and ended with 1 at once. */
public record SigtermRaisedAgain(String container) implements Hint {

  /** Where an error is none. */
  public static Optional<SigtermRaisedAgain> in(Evidence evidence) {
    return evidence
        .end()
        .filter(end -> evidence.wasReady() && ExitedWithError.isAfterCleanDrain(end, evidence))
        .map(end -> new SigtermRaisedAgain(end.container()));
  }

  @Override
  public String message() {
    return "Its container "
        + container
        + " ended with 1 as soon as it had answered all requests: as process 1 it raises SIGTERM"
        + " again, and that does not end it. An init such as tini as the first process, or a handler"
        + " that ends with 0, makes it end well.";
  }
}
