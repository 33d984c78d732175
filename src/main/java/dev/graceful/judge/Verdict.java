package dev.graceful.judge;

import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.hint.Hint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is found in one termination.
 *
 * @param findings at least one, in the order of the judge's chain
 * @param restsOn what the first of them was reached by
 * @param lastServedMillis when it was last seen to serve; null: never
 * @param refusedMillis when it was first proven to serve no longer; null: never
 * @param marginMillis how long after leaving its endpoints it was seen to serve: until it was first
 *     seen to refuse, or else until it was last seen to serve; null: not known
 * @param drainMillis how long it took from SIGTERM to its end, at least: the time that the operator
 *     may have held it is not in it; null: not known
 */
public record Verdict(
    List<Finding> findings,
    RestsOn restsOn,
    List<Hint> hints,
    @Nullable Long lastServedMillis,
    @Nullable Long refusedMillis,
    @Nullable Long marginMillis,
    @Nullable Long drainMillis) {

  /** The finding that stands for all. */
  public Finding first() {
    return findings.getFirst();
  }

  /** Its name, as users see it. */
  public String name() {
    return first().check().name();
  }
}
