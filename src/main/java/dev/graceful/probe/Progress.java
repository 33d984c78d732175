package dev.graceful.probe;

import dev.graceful.evidence.SigtermWindow;
import org.jspecify.annotations.Nullable;

/**
 * How far a termination has come, for the clients. Times are milliseconds since the deletion was
 * seen.
 *
 * @param graceMillis when the grace period is over
 * @param leftMillis when the pod left its endpoints; null: not yet
 * @param servedMillis when the latest connection that was served began; null: none was
 * @param refusedInARow how many of the latest connections were refused or reset
 * @param connectOnly whether the readiness path has answered 5xx: only connections tell from then
 * @param sigterm when SIGTERM comes, and clients that keep connections may wait for it; null: they
 *     may not
 * @param sleepMillis of the preStop hook: where the kubelet takes up a deletion at once, SIGTERM
 *     comes then
 */
record Progress(
    long elapsedMillis,
    long graceMillis,
    @Nullable Long leftMillis,
    int propagationSeconds,
    @Nullable Long servedMillis,
    int refusedInARow,
    boolean connectOnly,
    @Nullable SigtermWindow sigterm,
    long sleepMillis) {}
