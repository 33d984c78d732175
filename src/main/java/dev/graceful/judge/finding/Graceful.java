package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import java.util.Optional;

/**
 * It answered requests as long as clients could come, and ended by itself.
 *
 * @param marginMillis how long after leaving its endpoints it was seen to answer
 * @param usualMillis how long the slower of the responses took before the termination
 */
public record Graceful(long marginMillis, String path, long usualMillis) implements Finding {

  /** The last of the chain: nothing speaks against it. */
  public static final Check CHECK = new Check("Graceful", Severity.GOOD, Graceful::in);

  static Optional<Graceful> in(Evidence evidence) {
    ProbedPath asked = evidence.timeline().asked();
    // Clients come to its other ports too.
    return asked == null || evidence.servedMarginMillis().isEmpty()
        ? Optional.empty()
        : evidence
            .answeredMarginMillis()
            .map(margin -> new Graceful(margin, asked.path(), asked.usualMillis()));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    return RestsOn.Requests;
  }

  @Override
  public String message() {
    return "It answered GET "
        + path
        + " until at least "
        + Seconds.of(marginMillis)
        + " after it had left its endpoints, and ended by itself. WebSockets and other upgraded"
        + " connections are not tested.";
  }
}
