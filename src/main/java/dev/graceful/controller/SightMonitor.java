package dev.graceful.controller;

import dev.graceful.evidence.Event;
import dev.graceful.evidence.Tick;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Tells when the operator could not see: a watch was down, or the process stood still (garbage
 * collection, no CPU). What was seen late is then not taken for what happened late. It also tells
 * that time passes.
 */
final class SightMonitor implements AutoCloseable {

  private static final Duration BEAT = Duration.ofMillis(50);

  /** Longer than this between two beats, and the process itself stood still. */
  private static final Duration STALL = Duration.ofMillis(150);

  /** A watch is renewed every few minutes, which is over before it matters. */
  private static final Duration RENEWAL = Duration.ofMillis(250);

  private final BooleanSupplier watching;
  private final Consumer<Event> evidence;
  private final Thread thread;

  /**
   * Tells nothing before it is started.
   *
   * @param watching whether all watches are open
   */
  SightMonitor(BooleanSupplier watching, Consumer<Event> evidence) {
    this.watching = watching;
    this.evidence = evidence;
    this.thread = Thread.ofPlatform().daemon().name("sight-monitor").unstarted(this::keep);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void keep() {
    Tick last = MonotonicClock.now();
    Tick lastWatching = last;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(BEAT);
      } catch (InterruptedException e) {
        return;
      }
      Tick now = MonotonicClock.now();
      if (last.plusMillis(STALL.toMillis()).isBefore(now)) {
        evidence.accept(new Event.SightLost(last, now));
      }
      if (watching.getAsBoolean()) {
        lastWatching = now;
      } else if (lastWatching.plusMillis(RENEWAL.toMillis()).isBefore(now)) {
        evidence.accept(new Event.SightLost(lastWatching, now));
      }
      evidence.accept(new Event.Passed(now));
      last = now;
    }
  }
}
