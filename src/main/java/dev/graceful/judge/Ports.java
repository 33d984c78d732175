package dev.graceful.judge;

import dev.graceful.evidence.ProbedPort;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The TCP ports that clients use, as far as they were connected to.
 *
 * @param asked the one that requests go to, if any do; null: none was connected to
 * @param others the others
 * @param untried how many more there are
 * @param otherwise whether clients come in another way than by TCP too
 */
public record Ports(
    @Nullable ProbedPort asked, List<Other> others, int untried, boolean otherwise) {

  /** None was connected to. */
  public static final Ports NONE = new Ports(null, List.of(), 0, false);

  /** A port that was connected to, and no more, and what became of that. */
  public record Other(ProbedPort port, List<ConnectionAttempt> connectionAttempts) {}

  /** All that were connected to. */
  public List<ProbedPort> tried() {
    return Stream.concat(Stream.ofNullable(asked), others.stream().map(Other::port)).toList();
  }

  /** Those of them that were seen to accept a connection. A verdict rests on no other. */
  public List<ProbedPort> reached() {
    return tried().stream().filter(ProbedPort::reached).toList();
  }
}
