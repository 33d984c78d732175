package dev.graceful.evidence;

import org.jspecify.annotations.Nullable;

/**
 * How far a termination has come, for the clients that the probe plays.
 *
 * @param deletedAt when the deletion was first seen
 * @param endpoint what the EndpointSlices have said
 * @param sigterm when SIGTERM comes, in milliseconds since the deletion, and clients that keep
 *     their connections may wait for it; null: they may not
 */
public record Course(
    Tick deletedAt, Setting setting, EndpointState endpoint, @Nullable SigtermWindow sigterm) {

  /** When the pod left its endpoints, in milliseconds since the deletion; null: not yet. */
  public @Nullable Long leftMillis(Tick now) {
    Tick left = endpoint.leftAt();
    if (left == null && setting.exposed() && !endpoint.mayBeMoving(now)) {
      left = endpoint.absentAt();
    }
    return left == null ? null : left.millisSince(deletedAt);
  }
}
