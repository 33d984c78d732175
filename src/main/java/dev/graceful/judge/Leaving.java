package dev.graceful.judge;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a pod left its endpoints. Clients may still come for a window of time after that.
 *
 * @param atMillis when it was seen to have left, in milliseconds since the deletion was seen
 * @param earliestMillis when it left at the earliest: the operator may have seen it late
 */
public record Leaving(long atMillis, long earliestMillis, long windowMillis) {

  /** The leaving of a termination; empty: it was not seen. */
  static Optional<Leaving> of(Timeline timeline) {
    Long left = timeline.leftMillis();
    if (left == null) {
      return Optional.empty();
    }
    long earliest =
        timeline.blindSpots().stream()
            .filter(spot -> left <= spot.toMillis() + Tolerances.AFTER_BLIND_MILLIS)
            .mapToLong(BlindSpot::fromMillis)
            .reduce(left, Math::min);
    return Optional.of(new Leaving(left, earliest, timeline.propagationSeconds() * 1_000L));
  }

  /** Whether the endpoints followed the deletion late. */
  public boolean isLate() {
    return earliestMillis > Tolerances.LEFT_LATE_MILLIS;
  }

  /** Whether it may have left earlier than it was seen to. */
  public boolean isSeenLate() {
    return earliestMillis < atMillis;
  }

  /** Whether clients could certainly still come at this moment. */
  public boolean isBeforeItsEnd(long millis) {
    return millis < earliestMillis + windowMillis;
  }

  /**
   * How long after leaving something was last seen.
   *
   * @param lastMillis null: never
   * @return empty: it was not seen as long as clients could come
   */
  Optional<Long> outlastedBy(@Nullable Long lastMillis) {
    return lastMillis != null && lastMillis >= atMillis + windowMillis
        ? Optional.of(lastMillis - atMillis)
        : Optional.empty();
  }
}
