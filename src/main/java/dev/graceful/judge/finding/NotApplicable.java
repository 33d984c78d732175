package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/** No client could have been sent to it. */
public record NotApplicable(Why why) implements Finding {

  /** Why no client could have been sent to it. */
  public enum Why {
    NotExposed("It was in no EndpointSlice that clients use: no client was sent to it."),
    NeverReady("It was never ready: no client was sent to it."),
    NotReady(
        "It was not ready when it was deleted, and had not been for longer than clients may come: no"
            + " client was sent to it.");

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
        : Optional.of(new NotApplicable(why(evidence)));
  }

  private static Why why(Evidence evidence) {
    if (!evidence.timeline().everReady()) {
      return Why.NeverReady;
    }
    return evidence.wasUnready() ? Why.NotReady : Why.NotExposed;
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
