package dev.graceful.probe;

import dev.graceful.observe.Sigterm;

/**
 * When the two clients with requests in flight send them. In milliseconds since the deletion was
 * seen.
 *
 * @param most so many requests of both together
 */
record FlightSchedule(int most) {

  /** Of each client, from one request to the next, where it is well known when SIGTERM comes. */
  static final long SHORTEST_MILLIS = 20;

  static final long BEFORE_MILLIS = 150;
  static final long AFTER_MILLIS = 1_000;

  private static final int CLIENTS = 2;

  /** When to connect. */
  static long start(Sigterm sigterm) {
    return sigterm.earliestMillis() - BEFORE_MILLIS;
  }

  /** When to let go, whatever has come. */
  static long end(Sigterm sigterm) {
    return sigterm.latestMillis() + AFTER_MILLIS;
  }

  /**
   * From the start of a client's request to that of its next one: the less is known of when SIGTERM
   * comes, the longer, so that there is a request of each left for the time after it.
   *
   * @param sent by both together
   */
  long intervalMillis(Sigterm sigterm, long nowMillis, int sent) {
    long left = Math.max(1, most - sent - CLIENTS);
    return Math.max(SHORTEST_MILLIS, CLIENTS * (sigterm.latestMillis() - nowMillis) / left);
  }
}
