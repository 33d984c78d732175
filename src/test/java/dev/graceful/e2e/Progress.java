package dev.graceful.e2e;

import java.io.Console;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Tells what is going on, and what a long step waits for. Plain text unless on a terminal. */
final class Progress {

  /**
   * Far longer than anything takes that comes to its end, also on a slow machine that has much else
   * to do: how long something takes is asserted nowhere.
   */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Likewise, for what waits for pods to end one after the other. */
  static final Duration PATIENCE_WITH_ROLLOUTS = Duration.ofMinutes(15);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
  private static final Duration TELL_INTERVAL = Duration.ofSeconds(10);

  private final boolean onTerminal =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
          && System.getenv("CI") == null;
  private final long startedNanos = System.nanoTime();

  void say(String line) {
    System.out.println(elapsed() + "  " + line);
  }

  /** A line without the time. */
  void print(String line) {
    System.out.println(line);
  }

  void until(String what, Duration limit, BooleanSupplier done) {
    await(what, limit, () -> done.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Asks until there is an answer; tells on the way what it waits for. */
  <T> T await(String what, Duration limit, Supplier<Optional<T>> answer) {
    long begun = System.nanoTime();
    long toldNanos = begun;
    while (true) {
      Optional<T> result = answer.get();
      if (result.isPresent()) {
        eraseUpdatedLine();
        return result.get();
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      if (waited.compareTo(limit) > 0) {
        eraseUpdatedLine();
        throw new IllegalStateException("waited " + limit.toSeconds() + " s in vain for " + what);
      }
      if (onTerminal) {
        System.out.print("\r\033[K" + waitingLine(what, waited));
        System.out.flush();
      } else if (System.nanoTime() - toldNanos >= TELL_INTERVAL.toNanos()) {
        toldNanos = System.nanoTime();
        System.out.println(waitingLine(what, waited));
      }
      sleep(POLL_INTERVAL);
    }
  }

  private String waitingLine(String what, Duration waited) {
    return elapsed() + "    waiting for " + what + ", " + waited.toSeconds() + " s so far";
  }

  private void eraseUpdatedLine() {
    if (onTerminal) {
      System.out.print("\r\033[K");
    }
  }

  private String elapsed() {
    return String.format(Locale.ROOT, "%5.1f s", secondsSince(startedNanos));
  }

  static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
