package dev.graceful.rollout;

import dev.graceful.facts.WorkloadRef;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The Deployments that wait for a rollout by the operator and those that are being rolled out, over
 * all namespaces. The queue does not outlive the process: no turn comes before every protection was
 * looked at once. Not thread-safe. Methods return the Deployments to wake, as their turn may have
 * come.
 */
public final class RolloutQueue {

  private final int mostAtOnce;
  private final SortedSet<WorkloadRef> waiting = new TreeSet<>();
  private final SortedMap<WorkloadRef, Optional<String>> rolling = new TreeMap<>();
  private final Set<WorkloadRef> seen = new HashSet<>();

  /** A turn, and the Deployments to wake. */
  public record Asked(Turn turn, List<WorkloadRef> wake) {}

  /** The queue is empty. */
  public RolloutQueue(int mostAtOnce) {
    this.mostAtOnce = mostAtOnce;
  }

  /**
   * A Deployment waits from now on. If its turn has come, it counts as being rolled out instead.
   *
   * @param all the Deployments that have a protection
   */
  public Asked ask(WorkloadRef ref, Collection<WorkloadRef> all) {
    boolean freed = rolling.remove(ref) != null;
    boolean first = seen.add(ref);
    waiting.add(ref);
    seen.retainAll(all);
    waiting.retainAll(all);
    rolling.keySet().retainAll(all);
    boolean allSeen = seen.containsAll(all);
    Turn turn =
        allSeen
            ? Turn.of(ref, waiting, rolling, mostAtOnce)
            : new Turn.Later(waiting.headSet(ref).size(), Optional.empty());
    if (turn instanceof Turn.Now) {
      waiting.remove(ref);
      rolling.put(ref, Optional.empty());
    }
    // The others may have waited for this one to be looked at.
    return new Asked(turn, freed || (first && allSeen) ? next() : List.of());
  }

  /**
   * A Deployment was written and has not settled.
   *
   * @param stuck what the Deployment controller says if the rollout does not come to its end
   */
  public List<WorkloadRef> rolls(WorkloadRef ref, Optional<String> stuck) {
    boolean changed = leavesLine(ref);
    changed |= !stuck.equals(rolling.put(ref, stuck));
    return changed ? next() : List.of();
  }

  /** A Deployment neither waits nor is being rolled out. */
  public List<WorkloadRef> rests(WorkloadRef ref) {
    boolean changed = leavesLine(ref);
    changed |= rolling.remove(ref) != null;
    return changed ? next() : List.of();
  }

  /** Whether a Deployment counts as being rolled out. */
  public boolean isRolling(WorkloadRef ref) {
    return rolling.containsKey(ref);
  }

  private boolean leavesLine(WorkloadRef ref) {
    boolean first = seen.add(ref);
    return waiting.remove(ref) || first;
  }

  /**
   * The Deployments whose turn may have come, and the first of each stopped namespace, which have
   * to say so in their status. Not all that wait: they would wake one another without end.
   */
  private List<WorkloadRef> next() {
    Set<String> stopped = Turn.stopped(rolling);
    int free = Math.max(0, mostAtOnce - Turn.underWay(rolling).size());
    return Stream.concat(
            waiting.stream().filter(ref -> !stopped.contains(ref.namespace())).limit(free),
            stopped.stream()
                .flatMap(
                    namespace ->
                        waiting.stream()
                            .filter(ref -> ref.namespace().equals(namespace))
                            .limit(mostAtOnce)))
        .toList();
  }
}
