package dev.graceful.evidence;

import org.jspecify.annotations.Nullable;

/**
 * What the EndpointSlices have said of a pod, one {@link Entry.Endpoint} after the other.
 *
 * @param leftAt when the pod, terminating, was ready in no slice any more while one still had it;
 *     null: not seen
 * @param lastOfItsService whether one of its Services had no ready endpoint at that moment
 * @param absentAt since when no slice has it, or none of those that kept it ready; null: one has it
 * @param keptReady whether a slice had it as terminating and as ready all the same
 */
public record EndpointState(
    @Nullable Tick leftAt, boolean lastOfItsService, @Nullable Tick absentAt, boolean keptReady) {

  /** No slice has had it yet. */
  public static final EndpointState NONE = new EndpointState(null, false, null, false);

  /** An endpoint that moves from one slice to another is in neither for a moment. */
  private static final long BETWEEN_SLICES_MILLIS = 1_000;

  /** What is known after these entries. Only those about endpoints count. */
  public static EndpointState of(Iterable<Entry> entries) {
    EndpointState state = NONE;
    boolean deleted = false;
    for (Entry entry : entries) {
      deleted |= entry instanceof Entry.Deleted;
      if (entry instanceof Entry.Endpoint endpoint) {
        state = state.after(endpoint, deleted);
      }
    }
    return state;
  }

  /**
   * What is known after one more entry.
   *
   * @param deleted whether the pod's deletion has been seen; the slice's watch may be the first
   */
  EndpointState after(Entry.Endpoint entry, boolean deleted) {
    @Nullable Tick absent = absentAt;
    if (entry.cameOrWent()) {
      // What a slice kept ready until it dropped it has not left by what the others say.
      boolean away = !entry.listed() || (keptReady && leftAt == null && !entry.ready());
      absent = !away ? null : absentAt == null ? entry.at() : absentAt;
    }
    // A pod that is absent at this moment may be on its way into another slice.
    boolean leaves =
        leftAt == null && absent == null && !entry.ready() && (deleted || entry.terminating());
    return new EndpointState(
        leaves ? entry.at() : leftAt,
        leaves ? entry.lastReady() : lastOfItsService,
        absent,
        keptReady || entry.keptReady());
  }

  /** Whether the pod was dropped so lately that it may be on its way into another slice. */
  boolean mayBeMoving(Tick now) {
    return absentAt != null
        && now.nanos() - absentAt.plusMillis(BETWEEN_SLICES_MILLIS).nanos() <= 0;
  }
}
