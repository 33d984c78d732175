package dev.graceful.shape;

import dev.graceful.observe.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Whose turn it is to be rolled, of all Deployments that wait for the operator to do so. One that
 * does not settle stops its own namespace: it takes no other's place, and no other hears of it.
 */
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

  /** Nobody's in the namespace, as one that was written does not settle. */
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
    Set<String> stopped = stopped(rolling);
    if (stopped.contains(ref.namespace())) {
      return rolling.entrySet().stream()
          .filter(entry -> entry.getKey().namespace().equals(ref.namespace()))
          .flatMap(entry -> entry.getValue().stream().map(why -> new Stopped(entry.getKey(), why)))
          .findFirst()
          .orElseThrow();
    }
    List<WorkloadRef> underWay = underWay(rolling);
    int before =
        (int)
            waiting.headSet(ref).stream()
                .filter(other -> !stopped.contains(other.namespace()))
                .count();
    return before + underWay.size() < mostAtOnce
        ? new Now()
        : new Later(before, underWay.stream().findFirst());
  }

  /** The namespaces in which one does not settle. */
  static Set<String> stopped(SortedMap<WorkloadRef, Optional<String>> rolling) {
    return rolling.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(entry -> entry.getKey().namespace())
        .collect(Collectors.toSet());
  }

  /** Those that are being rolled and may still settle, in their order. */
  static List<WorkloadRef> underWay(SortedMap<WorkloadRef, Optional<String>> rolling) {
    return rolling.entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }
}
