package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Leaving;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import java.util.Optional;

/** Its endpoints were ready for long after the deletion. */
public record LeftLate(long leftMillis) implements Finding {

  public static final Check CHECK = new Check("LeftLate", Severity.VIOLATION, LeftLate::in);

  /** A pod that served as long as clients could come all the same has dropped nothing by it. */
  static Optional<LeftLate> in(Evidence evidence) {
    return evidence
        .leaving()
        .filter(Leaving::isLate)
        .filter(l -> evidence.mayHaveClients() && evidence.servedMarginMillis().isEmpty())
        .map(leaving -> new LeftLate(leaving.atMillis()));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "It left its endpoints only "
        + Seconds.of(leftMillis)
        + " after its deletion: the EndpointSlice controller is behind. Raise"
        + " propagationSeconds by as much.";
  }
}
