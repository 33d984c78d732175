package dev.graceful.e2e;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What has to be clean before anything is done to an app. What fails at rest is left from earlier,
 * or the machine's, and no failure of what is done next: such a beginning is thrown away.
 *
 * @param clean for so long nothing fails
 * @param limit after which no more beginnings are made
 */
record Baseline(Duration clean, Duration limit) {

  /** Longer than a node remembers where it sent a connection that nobody answered. */
  static final Duration LIMIT = Duration.ofSeconds(150);

  /** Requests that are being sent. */
  interface Sending {

    /** How many have failed so far. */
    int failures();

    /** Ends it; what it was is of no interest. */
    void discard();
  }

  /**
   * Begins to send, anew if something failed.
   *
   * @param what is to come, as {@code the rollout web-1}
   * @return what has been sending without a failure for as long as is asked
   */
  <T extends Sending> T begin(String what, Progress progress, Supplier<T> start) {
    long begunNanos = System.nanoTime();
    while (true) {
      T sending = start.get();
      int failed = failuresOf(sending);
      if (failed == 0) {
        return sending;
      }
      sending.discard();
      if (System.nanoTime() - begunNanos >= limit.toNanos()) {
        throw new IllegalStateException(
            "before %s requests fail still, %d in the last %d s: the app or the cluster's network is not well at rest"
                .formatted(what, failed, clean.toSeconds()));
      }
      progress.say("  before %s %d requests failed; beginning anew".formatted(what, failed));
    }
  }

  private int failuresOf(Sending sending) {
    try {
      Progress.sleep(clean);
      return sending.failures();
    } catch (RuntimeException e) {
      sending.discard();
      throw e;
    }
  }
}
