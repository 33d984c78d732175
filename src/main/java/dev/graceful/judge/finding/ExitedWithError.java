package dev.graceful.judge.finding;

import dev.graceful.facts.Exit;
import dev.graceful.judge.End;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/**
 * A serving container ended with an exit code other than 0 and 143 (128 + SIGTERM), or on Windows
 * other than 0 and that of the control event that stops it.
 *
 * @param reason as the runtime gave it; empty: unknown
 * @param container its name
 */
public record ExitedWithError(int exitCode, String reason, String container) implements Finding {

  public static final Check CHECK =
      new Check("ExitedWithError", Severity.VIOLATION, ExitedWithError::in);

  /** A kill is an error unless it is known where it came from. */
  static Optional<ExitedWithError> in(Evidence evidence) {
    return evidence
        .endOfServer()
        .filter(end -> end.exit().code() != 0 && !end.isTerminated() && !end.isOutOfMemory())
        .filter(end -> KilledAtDeadline.in(evidence).isEmpty())
        .filter(end -> !isAfterCleanDrain(end, evidence))
        .map(end -> new ExitedWithError(end.exit().code(), end.exit().reason(), end.container()));
  }

  /**
   * Whether it ended with 1 as soon as it had answered each request that was in flight at SIGTERM:
   * so do runtimes that then raise SIGTERM again, which does not end the first process. A limit of
   * its own that was hit takes longer.
   */
  public static boolean isAfterCleanDrain(End end, Evidence evidence) {
    return end.exit().code() == 1
        && Graceful.in(evidence).isPresent()
        && ConnectionsServed.in(evidence).isEmpty()
        && evidence.requests().all().stream()
            .filter(KeepAliveRequest::isAnswered)
            .anyMatch(r -> end.seenMillis() <= r.endedMillis() + Tolerances.AFTER_ANSWER_MILLIS);
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "Its container "
        + container
        + " ended with exit code "
        + Exit.shown(exitCode)
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + ": a hard limit that was hit, or a shutdown handler that failed. Its log tells.";
  }
}
