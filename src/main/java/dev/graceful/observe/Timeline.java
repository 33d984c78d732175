package dev.graceful.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one termination. Times are milliseconds since its deletion was first seen,
 * on the operator's one monotonic clock, taken where the watch or the probe delivered.
 *
 * @param sleepSeconds the longest preStop sleep of the pod's serving containers; 0: none
 * @param graceSeconds of the deletion, as first seen: later deletions shorten it
 * @param graceShortened whether a later deletion did, before the end
 * @param propagationSeconds how long clients may still come after the pod left
 * @param everReady whether it was ever seen ready
 * @param exposed whether any EndpointSlice had it when the deletion was seen
 * @param leftMillis when it was not ready any more in all its slices; may be a little below zero,
 *     as two watches race; null: not seen
 * @param ending null: not seen
 * @param unseen null: seen from beginning to end
 */
public record Timeline(
    PodRef pod,
    Cause cause,
    int sleepSeconds,
    long graceSeconds,
    boolean graceShortened,
    int propagationSeconds,
    Verification verification,
    boolean everReady,
    boolean exposed,
    @Nullable Long leftMillis,
    @Nullable Ending ending,
    List<Knock> knocks,
    List<BlindSpot> blindSpots,
    @Nullable Unseen unseen) {

  /** A termination of which only the pod's name and its absence are known. */
  public static Timeline unseen(PodRef pod, Unseen why) {
    return new Timeline(
        pod,
        Cause.Other,
        0,
        0,
        false,
        0,
        Verification.NotAsked,
        true,
        true,
        null,
        null,
        List.of(),
        List.of(),
        why);
  }
}
