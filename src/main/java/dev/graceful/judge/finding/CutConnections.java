package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Severity;
import java.util.Optional;

/**
 * A request that the server had was never answered.
 *
 * @param outMillis how long it was in flight when the server ended its connection
 * @param usualMillis how long a response of that path took before
 */
public record CutConnections(String path, long outMillis, long usualMillis) implements Finding {

  public static final Check CHECK =
      new Check("CutConnections", Severity.VIOLATION, CutConnections::in);

  static Optional<CutConnections> in(Evidence evidence) {
    ProbedPath asked = evidence.timeline().asked();
    return asked == null || !evidence.mayHaveClients()
        ? Optional.empty()
        : evidence
            .requests()
            .cut()
            .map(
                cut ->
                    new CutConnections(
                        asked.path(), cut.outMillis(), evidence.requests().usualMillis()));
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
    return "A request that it had was never answered: GET "
        + path
        + " (usually ≤ "
        + usualMillis
        + " ms) had been out for "
        + outMillis
        + " ms when its connection ended. An unhandled SIGTERM, process.exit, or a close that does"
        + " not wait does that: stop listening, then wait for the requests in work.";
  }
}
