package dev.graceful.judge.finding;

import dev.graceful.judge.End;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/**
 * The process ended with an exit code other than 0 and 143 (128 + SIGTERM).
 *
 * @param reason as the runtime gave it; empty: unknown
 */
public record ExitedWithError(int exitCode, String reason) implements Finding {

  public static final Check CHECK =
      new Check("ExitedWithError", Severity.VIOLATION, ExitedWithError::in);

  /** A kill is an error unless it is known where it came from. */
  static Optional<ExitedWithError> in(Evidence evidence) {
    return evidence
        .endOfServer()
        .filter(end -> end.exit().code() != 0 && !end.isTerminated() && !end.isOutOfMemory())
        .filter(end -> KilledAtDeadline.in(evidence).isEmpty())
        .map(End::exit)
        .map(exit -> new ExitedWithError(exit.code(), exit.reason()));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "Its process ended with exit code "
        + exitCode
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + ": a hard limit that was hit, or a shutdown handler that failed. Its log tells.";
  }
}
