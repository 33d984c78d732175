package dev.graceful.controller;

import dev.graceful.evidence.Effect;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.Observatory;
import dev.graceful.evidence.Tick;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the {@link Observatory}: it takes events from a queue, in the order in
 * which they came, and has their effects run. It answers until the process ends. Thread-safe.
 */
final class EvidenceLoop {

  private static final Logger LOG = LoggerFactory.getLogger(EvidenceLoop.class);

  /** A caller with more than this at once waits: the memory for events has a bound. */
  private static final int MOST_WAITING = 20_000;

  /** A beat that waits for longer than this shows that the operator could not follow. */
  private static final Duration LATE = Duration.ofMillis(150);

  private final Observatory observatory;
  private final Consumer<Effect> effects;
  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread = Thread.ofPlatform().daemon().name("evidence").unstarted(this::run);

  /**
   * Takes nothing before it is started.
   *
   * @param effects runs an effect, on this thread; it does not block and asks nothing of this loop
   */
  EvidenceLoop(Observatory observatory, Consumer<Effect> effects) {
    this.observatory = observatory;
    this.effects = effects;
  }

  void start() {
    thread.start();
  }

  /** Takes an event to be recorded. Waits only while very many are waiting. */
  void tell(Event event) {
    put(() -> step(event));
  }

  /**
   * What the observatory answers after all earlier events. Not for the loop's own thread.
   *
   * @throws IllegalStateException if the caller is interrupted
   */
  <T> T ask(Function<Observatory, T> question) {
    var answer = new CompletableFuture<T>();
    put(
        () -> {
          try {
            answer.complete(question.apply(observatory));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer.join();
  }

  /** Has something changed in the observatory, and returns when that is done. */
  void change(Consumer<Observatory> change) {
    ask(
        known -> {
          change.accept(known);
          return true;
        });
  }

  private void put(Runnable task) {
    try {
      queue.put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while many events are waiting", e);
    }
  }

  private void run() {
    while (true) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("An event was not recorded", e);
      }
    }
  }

  private void step(Event event) {
    if (event instanceof Event.Passed passed) {
      Tick now = MonotonicClock.now();
      if (passed.at().plusMillis(LATE.toMillis()).isBefore(now)) {
        observatory.step(new Event.SightLost(passed.at(), now)).forEach(effects);
      }
    }
    observatory.step(event).forEach(effects);
  }
}
