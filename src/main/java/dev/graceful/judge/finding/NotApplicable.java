package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/** No client could have been sent to it. */
public record NotApplicable(Why why) implements Finding {

  /** Why no client could have been sent to it. */
  public enum Why {
    NotExposed("It was in no EndpointSlice: no client was sent to it."),
    NeverReady("It was never ready: no client was sent to it.");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }
  }

  public static final Check CHECK =
      new Check("NotApplicable", Severity.NOT_APPLICABLE, NotApplicable::in);

  static Optional<NotApplicable> in(Evidence evidence) {
    return evidence.mayHaveClients()
        ? Optional.empty()
        : Optional.of(
            new NotApplicable(evidence.timeline().everReady() ? Why.NotExposed : Why.NeverReady));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return why.sentence;
  }
}
