package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/** Its endpoints were still ready when it had ended. */
public record ExitedBeforeLeaving(long readyAfterEndMillis) implements Finding {

  public static final Check CHECK =
      new Check("ExitedBeforeLeaving", Severity.VIOLATION, ExitedBeforeLeaving::in);

  static Optional<ExitedBeforeLeaving> in(Evidence evidence) {
    return evidence
        .leaving()
        .filter(leaving -> evidence.mayHaveClients())
        .flatMap(leaving -> evidence.end().map(end -> leaving.earliestMillis() - end.seenMillis()))
        .filter(readyAfterEnd -> readyAfterEnd > Tolerances.WATCHES_APART_MILLIS)
        .map(ExitedBeforeLeaving::new);
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "It was still ready in an EndpointSlice "
        + Seconds.of(readyAfterEndMillis)
        + " after it had ended: the EndpointSlice controller is behind. A preStop sleep that is"
        + " longer than that hides it.";
  }
}
