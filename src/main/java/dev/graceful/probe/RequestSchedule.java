package dev.graceful.probe;

import dev.graceful.evidence.SigtermWindow;

/**
 * When the clients with requests in flight send them. In milliseconds since the deletion was seen.
 *
 * @param most so many requests of all of them together
 */
record RequestSchedule(int most) {

  static final int CLIENTS = 3;

  /** Of each client, from one request to the next, at least. */
  static final long SHORTEST_MILLIS = 20;

  static final long BEFORE_MILLIS = 150;

  /**
   * A kubelet that is short of processors ends the hook up to so much later than is to be expected.
   */
  static final long AFTER_MILLIS = 1_000;

  /** A kubelet that has little to do runs the hook within so long of the deletion. */
  private static final long LIKELY_LATER_MILLIS = 300;

  /** It may hear of the deletion so much earlier than the operator does. */
  private static final long LIKELY_EARLIER_MILLIS = 80;

  private static final long LIKELY_MILLIS = LIKELY_EARLIER_MILLIS + LIKELY_LATER_MILLIS;

  /** A moment at which SIGTERM is likely counts as so many others. */
  private static final int TIMES_LIKELIER = 8;

  /** When to connect. */
  static long start(SigtermWindow sigterm) {
    return sigterm.earliestMillis() - BEFORE_MILLIS;
  }

  /** When to let go of a server that shows nothing of its SIGTERM. */
  static long end(SigtermWindow sigterm) {
    return sigterm.latestMillis() + AFTER_MILLIS;
  }

  /** Until when a request that is out may be waited for, whenever the grace period is over. */
  static long latest(long graceMillis) {
    return graceMillis - SigtermWindow.TIME_FOR_CLIENTS_MILLIS / 2;
  }

  /**
   * When a client that sends a request now sends its next one: the less is known of when SIGTERM
   * comes, the later, so that there is a request of each left for its end; and all the later where
   * it is not likely to come.
   *
   * @param sleepMillis how long the preStop hook takes
   * @param sent by all together
   */
  long nextMillis(SigtermWindow sigterm, long sleepMillis, long nowMillis, int sent) {
    long likelyFrom = sleepMillis - LIKELY_EARLIER_MILLIS;
    long until = Math.max(nowMillis, end(sigterm));
    long left = Math.max(1, most - sent - CLIENTS);
    long counted = counted(nowMillis, likelyFrom);
    long next = counted + CLIENTS * (counted(until, likelyFrom) - counted) / left;
    return Math.max(nowMillis + SHORTEST_MILLIS, uncounted(next, likelyFrom));
  }

  /** Time as it counts. */
  private static long counted(long millis, long likelyFrom) {
    return millis + (TIMES_LIKELIER - 1) * Math.clamp(millis - likelyFrom, 0L, LIKELY_MILLIS);
  }

  /** The way back. */
  private static long uncounted(long counted, long likelyFrom) {
    long since = counted - likelyFrom;
    if (since <= 0) {
      return counted;
    }
    return since < TIMES_LIKELIER * LIKELY_MILLIS
        ? likelyFrom + since / TIMES_LIKELIER
        : counted - (TIMES_LIKELIER - 1) * LIKELY_MILLIS;
  }
}
