package dev.graceful.evidence;

import org.jspecify.annotations.Nullable;

/**
 * How far a termination has come, for the clients that the probe plays.
 *
 * @param deletedAt when the deletion was first seen
 * @param leaving what the EndpointSlices have said
 * @param sigterm when SIGTERM comes, in milliseconds since the deletion, and clients that keep
 *     their connections may wait for it; null: they may not
 */
public record Course(
    Tick deletedAt, Setting setting, Leaving leaving, @Nullable SigtermWindow sigterm) {

  /** When the pod left its endpoints, in milliseconds since the deletion; null: not yet. */
  public @Nullable Long leftMillis(Tick now) {
    Tick left = leaving.leftAt();
    if (left == null && setting.exposed() && !leaving.mayBeMoving(now)) {
      left = leaving.absentAt();
    }
    return left == null ? null : left.millisSince(deletedAt);
  }
}
