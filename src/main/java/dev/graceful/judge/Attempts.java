package dev.graceful.judge;

import dev.graceful.evidence.Entry;
import dev.graceful.evidence.History;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.evidence.ProbedPorts;
import dev.graceful.evidence.Tick;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fresh connections in a history, by their ports.
 *
 * @param start when the deletion was seen
 */
record Attempts(History history, Tick start) {

  /**
   * What became of the ports that clients use.
   *
   * @param reachable whether a ready pod was reached at the port that is asked
   */
  Ports ports(ProbedPorts ports, boolean reachable) {
    if (ports.tried().isEmpty()) {
      return Ports.NONE;
    }
    ProbedPort asked = ports.tried().getFirst();
    return new Ports(
        asked.orReached(reachable || isServed(at(asked))),
        ports.tried().stream().skip(1).map(this::other).toList(),
        ports.untried(),
        ports.otherwise());
  }

  private Ports.Other other(ProbedPort port) {
    List<ConnectionAttempt> attempts = at(port);
    return new Ports.Other(port.orReached(isServed(attempts)), attempts);
  }

  /** Those at a port; null: none was connected to. */
  List<ConnectionAttempt> at(@Nullable ProbedPort port) {
    return history
        .all(Entry.Connected.class)
        .filter(e -> port != null && e.port() == port.number())
        .map(e -> new ConnectionAttempt(e.at().millisSince(start), e.outcome()))
        .toList();
  }

  private static boolean isServed(List<ConnectionAttempt> attempts) {
    return attempts.stream().anyMatch(attempt -> attempt.outcome().isServed());
  }
}
