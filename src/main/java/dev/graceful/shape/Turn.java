package dev.graceful.shape;

import dev.graceful.observe.WorkloadRef;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Whose turn it is to be rolled, of all Deployments that wait for the operator to do so. */
public sealed interface Turn {

  /** Its own. */
  record Now() implements Turn {}

  /**
   * Others come first.
   *
   * @param before how many wait before it
   * @param rolling one that is being rolled; empty: none is yet
   */
  record Later(int before, Optional<WorkloadRef> rolling) implements Turn {}

  /** Nobody's, as one that was written does not settle. */
  record Stopped(WorkloadRef by, String why) implements Turn {}

  /**
   * The turn of one that waits.
   *
   * @param waiting all that wait, in the order in which they are rolled
   * @param rolling those that the operator has written and that have not settled yet, with what the
   *     Deployment controller says of those that do not come to their end
   * @param mostAtOnce how many may be rolled at the same time
   */
  static Turn of(
      WorkloadRef ref,
      SortedSet<WorkloadRef> waiting,
      SortedMap<WorkloadRef, Optional<String>> rolling,
      int mostAtOnce) {
    for (Map.Entry<WorkloadRef, Optional<String>> entry : rolling.entrySet()) {
      if (entry.getValue().isPresent()) {
        return new Stopped(entry.getKey(), entry.getValue().get());
      }
    }
    int before = waiting.headSet(ref).size();
    return before + rolling.size() < mostAtOnce
        ? new Now()
        : new Later(before, rolling.keySet().stream().findFirst());
  }
}
