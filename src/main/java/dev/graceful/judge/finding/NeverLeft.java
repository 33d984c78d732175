package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/** Its endpoints were ready to the end. */
public record NeverLeft() implements Finding {

  public static final Check CHECK = new Check("NeverLeft", Severity.VIOLATION, NeverLeft::in);

  /**
   * A gap in watching is harmless before the end: the EndpointSlices are read anew after it. Only
   * the moment of the end must have been watched.
   */
  static Optional<NeverLeft> in(Evidence evidence) {
    return evidence
        .end()
        .filter(
            end ->
                evidence.mayHaveClients()
                    && evidence.timeline().unseen() == null
                    && evidence.leaving().isEmpty()
                    && !evidence.isBlindBetween(
                        end.seenMillis() - Tolerances.WATCHES_APART_MILLIS, end.seenMillis()))
        .map(end -> new NeverLeft());
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "It was ready in an EndpointSlice to the very end: clients were sent to it all the time."
        + " The EndpointSlice controller is down, or whoever else writes that slice keeps it"
        + " ready.";
  }
}
