package dev.graceful.judge.finding;

import dev.graceful.judge.End;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/**
 * The kernel killed a serving container for its memory while it drained.
 *
 * @param container its name
 */
public record KilledByOOM(String container) implements Finding {

  public static final Check CHECK = new Check("KilledByOOM", Severity.VIOLATION, KilledByOOM::in);

  static Optional<KilledByOOM> in(Evidence evidence) {
    return evidence
        .endOfServer()
        .filter(End::isOutOfMemory)
        .map(end -> new KilledByOOM(end.container()));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "Its container "
        + container
        + " ran out of memory while it was being ended (OOMKilled): raise its memory limit.";
  }
}
