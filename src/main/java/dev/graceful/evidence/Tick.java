package dev.graceful.evidence;

import java.util.concurrent.TimeUnit;

/**
 * A moment on the operator's monotonic clock. Ticks are compared by their difference, as the clock
 * may overflow.
 *
 * @param nanos as {@link System#nanoTime()} gives them
 */
public record Tick(long nanos) {

  /** Milliseconds from another tick to this one, rounded towards 0; negative if this is earlier. */
  public long millisSince(Tick start) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - start.nanos);
  }

  /** The tick so many milliseconds later. */
  public Tick plusMillis(long millis) {
    return new Tick(nanos + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Whether this tick is earlier than another. */
  public boolean isBefore(Tick other) {
    return nanos - other.nanos < 0;
  }
}
