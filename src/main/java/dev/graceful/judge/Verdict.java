package dev.graceful.judge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is found in one termination.
 *
 * @param findings at least one, in the order of their kinds
 * @param lastServedMillis when it was last seen to accept a connection; null: never
 * @param refusedMillis when it was first proven to refuse connections; null: never
 * @param marginMillis how long after leaving its endpoints it was seen to serve: until it was first
 *     seen to refuse, or else until it was last seen to accept; null: not known
 */
public record Verdict(
    List<Finding> findings,
    @Nullable Long lastServedMillis,
    @Nullable Long refusedMillis,
    @Nullable Long marginMillis) {

  /** The finding that stands for all. */
  public Finding first() {
    return findings.getFirst();
  }

  /** What the verdict rests on. */
  public RestsOn restsOn() {
    return lastServedMillis != null || refusedMillis != null ? RestsOn.Connections : RestsOn.Status;
  }
}
