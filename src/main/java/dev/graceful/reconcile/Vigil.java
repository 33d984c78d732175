package dev.graceful.reconcile;

import dev.graceful.observe.Terminations;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;

/**
 * Notices when the operator could not see: a watch that was down, or a process that stood still
 * (garbage collection, no CPU). What was seen late is then not taken for what happened late.
 */
final class Vigil implements AutoCloseable {

  private static final Duration BEAT = Duration.ofMillis(50);

  /** Longer than this between two beats, and the process itself stood still. */
  private static final Duration STALL = Duration.ofMillis(150);

  /** A watch is renewed every few minutes, which is over before it matters. */
  private static final Duration RENEWAL = Duration.ofMillis(250);

  private final List<SharedIndexInformer<?>> informers;
  private final Terminations terminations;
  private final Thread thread;

  Vigil(List<SharedIndexInformer<?>> informers, Terminations terminations) {
    this.informers = informers;
    this.terminations = terminations;
    this.thread = Thread.ofPlatform().daemon().name("vigil").unstarted(this::keep);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void keep() {
    long last = System.nanoTime();
    long lastWatching = last;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(BEAT);
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      if (now - last > STALL.toNanos()) {
        terminations.blind(last, now);
      }
      if (informers.stream().allMatch(SharedIndexInformer::isWatching)) {
        lastWatching = now;
      } else if (now - lastWatching > RENEWAL.toNanos()) {
        terminations.blind(lastWatching, now);
      }
      terminations.tick(now);
      last = now;
    }
  }
}
