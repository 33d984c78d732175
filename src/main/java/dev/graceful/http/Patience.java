package dev.graceful.http;

import java.util.function.BooleanSupplier;

/**
 * How long to wait.
 *
 * @param untilNanos on the clock of the connection
 * @param letGo asked again and again; true ends the waiting
 * @param lookMillis the longest time between two questions; {@link Reply.Ended#outNanos} and {@link
 *     Reply.Answer#outNanos} are as exact as this
 */
public record Patience(long untilNanos, BooleanSupplier letGo, int lookMillis) {

  /** Waits until that moment, whatever happens. */
  public static Patience until(long nanos) {
    return new Patience(nanos, () -> false, Integer.MAX_VALUE);
  }
}
