package dev.graceful.controller;

import dev.graceful.evidence.Tick;

/** The clock of all {@link Tick}s: it never goes back, and knows no time of day. */
final class MonotonicClock {

  private MonotonicClock() {}

  /** The present moment. */
  static Tick now() {
    return new Tick(System.nanoTime());
  }
}
