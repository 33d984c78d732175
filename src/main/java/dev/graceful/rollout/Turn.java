package dev.graceful.rollout;

import dev.graceful.facts.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Whether a Deployment that waits in the queue may be rolled out now. A Deployment that does not
 * settle stops its own namespace only: it takes no place in the budget of the others.
 */
public sealed interface Turn {

  /** The Deployment may be rolled out. */
  record Now() implements Turn {}

  /**
   * Other Deployments come first.
   *
   * @param before how many wait before this one
   * @param rolling one that is being rolled out; empty: there is none
   */
  record Later(int before, Optional<WorkloadRef> rolling) implements Turn {}

  /** The namespace is stopped: a Deployment in it does not settle after the operator's write. */
  record Stopped(WorkloadRef by, String why) implements Turn {}

  /**
   * The turn of one Deployment that waits.
   *
   * @param waiting all that wait, in the order of their rollouts
   * @param rolling those that the operator has written and that have not settled yet, each with
   *     what the Deployment controller says if the rollout does not come to its end
   * @param mostAtOnce how many may be rolled out at the same time
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

  /** The namespaces with a Deployment that does not settle. */
  static Set<String> stopped(SortedMap<WorkloadRef, Optional<String>> rolling) {
    return rolling.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(entry -> entry.getKey().namespace())
        .collect(Collectors.toSet());
  }

  /** The Deployments that are being rolled out and may still settle, in their order. */
  static List<WorkloadRef> underWay(SortedMap<WorkloadRef, Optional<String>> rolling) {
    return rolling.entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }
}
