package dev.graceful.probe;

import dev.graceful.evidence.SigtermWindow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When SIGTERM comes, as is known now.
 *
 * @param hookMillis how long the preStop hook takes
 * @param graceMillis when the grace period is over, since the deletion was seen
 * @param zeroNanos when the deletion was seen
 * @param refuses whether the pod takes no new connections any more
 */
record Moment(
    SigtermWindow sigterm, long hookMillis, long graceMillis, long zeroNanos, boolean refuses) {

  /** Null: the termination is over, or nothing may wait for SIGTERM. */
  static @Nullable Moment of(Followed termination, long nowNanos) {
    Progress progress = termination.progress(nowNanos);
    SigtermWindow sigterm = progress == null ? null : progress.sigterm();
    return progress == null || sigterm == null
        ? null
        : new Moment(
            sigterm,
            progress.sleepMillis(),
            progress.graceMillis(),
            nowNanos - TimeUnit.MILLISECONDS.toNanos(progress.elapsedMillis()),
            progress.refusedInARow() > 0);
  }

  long nanos(long millis) {
    return zeroNanos + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - zeroNanos);
  }
}
