package dev.graceful.probe;

import dev.graceful.evidence.Course;
import dev.graceful.evidence.SigtermWindow;

/**
 * When clients send their requests that open a connection for each: around SIGTERM or, where it is
 * not known when that comes, all the time but seldom. In milliseconds since the deletion was seen.
 *
 * @param most so many requests of all of them together
 */
record SingleRequestSchedule(int clients, int most) {

  /** When to come. */
  long startMillis(Course course) {
    SigtermWindow sigterm = course.sigterm();
    return sigterm == null ? 0 : RequestSchedule.start(sigterm);
  }

  /** When to ask no more. */
  long endMillis(Course course) {
    SigtermWindow sigterm = course.sigterm();
    return sigterm == null
        ? graceMillis(course) - SigtermWindow.TIME_FOR_CLIENTS_MILLIS
        : RequestSchedule.end(sigterm);
  }

  /** Until when a request that is out may be waited for. */
  long latestMillis(Course course) {
    return Math.max(endMillis(course), RequestSchedule.latest(graceMillis(course)));
  }

  /**
   * When a client that sends a request now sends its next one.
   *
   * @param sent by all together
   */
  long nextMillis(Course course, long nowMillis, int sent) {
    SigtermWindow sigterm = course.sigterm();
    Long hook = course.setting().hookMillis();
    if (sigterm != null && hook != null) {
      return new RequestSchedule(most).nextMillis(sigterm, hook, nowMillis, sent);
    }
    long each = clients * (endMillis(course) - nowMillis) / Math.max(1, most - sent - clients);
    return nowMillis + Math.max(RequestSchedule.SHORTEST_MILLIS, each);
  }

  private static long graceMillis(Course course) {
    return course.setting().graceSeconds() * 1_000;
  }
}
