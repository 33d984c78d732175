package dev.graceful.rollout;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How long the operator waits before it tries again what did not succeed.
 *
 * @param pauses after the first try, the second, and so on
 * @param endless whether the last pause is repeated; otherwise no try follows it
 */
public record Backoff(List<Duration> pauses, boolean endless) {

  /** The API server cannot take a write now. */
  static final Backoff WRITE_FAILED = new Backoff(seconds(1, 2, 4, 8, 16, 30), true);

  /** A change was refused: an admission policy or a quota may be changed. */
  static final Backoff REFUSED = new Backoff(seconds(60, 120, 240, 480, 960, 1920, 3600), true);

  /** The Deployment has changed since the decision, and the watch is about to show it. */
  static final Backoff OUTDATED = new Backoff(seconds(1), true);

  /** A readiness probe failed: an app without a probe counts as ready while it still starts. */
  public static final Backoff READINESS = new Backoff(seconds(2, 5, 15, 60, 300), false);

  /**
   * The pause after a number of tries in a row, at least 1.
   *
   * @return null: no other try follows
   */
  public @Nullable Duration pause(int tries) {
    if (tries > pauses.size()) {
      return endless ? pauses.getLast() : null;
    }
    return pauses.get(tries - 1);
  }

  private static List<Duration> seconds(long... seconds) {
    return LongStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
  }
}
