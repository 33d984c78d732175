package dev.graceful.probe;

import dev.graceful.observe.Sigterm;

/**
 * When the clients with requests in flight send them. In milliseconds since the deletion was seen.
 *
 * @param most so many requests of all of them together
 */
record FlightSchedule(int most) {

  static final int CLIENTS = 3;

  /** Of each client, from one request to the next, at least. */
  static final long SHORTEST_MILLIS = 20;

  static final long BEFORE_MILLIS = 150;
  static final long AFTER_MILLIS = 1_000;

  /**
   * A kubelet that has little to do runs the hook within this time of the deletion, which it is
   * told when the operator is. Then requests are to be in flight all the time.
   */
  static final long LIKELY_EARLIER_MILLIS = 20;

  static final long LIKELY_LATER_MILLIS = 300;
  private static final int TIMES_LIKELIER = 8;

  /** When to connect. */
  static long start(Sigterm sigterm) {
    return sigterm.earliestMillis() - BEFORE_MILLIS;
  }

  /** When to let go, whatever has come. */
  static long end(Sigterm sigterm) {
    return sigterm.latestMillis() + AFTER_MILLIS;
  }

  /**
   * When a client that sends a request now sends its next one: the less is known of when SIGTERM
   * comes, the later, so that there is a request of each left for the time after it; and all the
   * later where it is not likely to come.
   *
   * @param sleepMillis of the preStop hook
   * @param sent by all together
   */
  long nextMillis(Sigterm sigterm, long sleepMillis, long nowMillis, int sent) {
    long likelyFrom = sleepMillis - LIKELY_EARLIER_MILLIS;
    long likelyTo = sleepMillis + LIKELY_LATER_MILLIS;
    long until = Math.max(nowMillis, sigterm.latestMillis());
    long likely = Math.max(0, Math.min(until, likelyTo) - Math.max(nowMillis, likelyFrom));
    long left = Math.max(1, most - sent - CLIENTS);
    long share = CLIENTS * (until - nowMillis + (TIMES_LIKELIER - 1) * likely) / left;
    long before = Math.max(0, Math.min(share, likelyFrom - nowMillis));
    long inside =
        Math.max(
            0,
            Math.min(
                (share - before) / TIMES_LIKELIER, likelyTo - Math.max(nowMillis, likelyFrom)));
    long after = share - before - inside * TIMES_LIKELIER;
    boolean beyond = nowMillis + before + inside >= likelyTo;
    return nowMillis + Math.max(SHORTEST_MILLIS, before + inside + (beyond ? after : 0));
  }
}
