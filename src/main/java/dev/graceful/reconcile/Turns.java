package dev.graceful.reconcile;

import dev.graceful.observe.WorkloadRef;
import dev.graceful.shape.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who waits to be rolled and who is being rolled, over all namespaces. Nothing of it outlives the
 * process: nobody's turn comes before each protection has been looked at once. Thread-safe.
 */
final class Turns {

  private final int mostAtOnce;
  private final Consumer<WorkloadRef> wake;
  private final SortedSet<WorkloadRef> waiting = new TreeSet<>();
  private final SortedMap<WorkloadRef, Optional<String>> rolling = new TreeMap<>();
  private final Set<WorkloadRef> seen = new HashSet<>();

  /**
   * Nobody waits yet.
   *
   * @param wake told whose turn may have come
   */
  Turns(int mostAtOnce, Consumer<WorkloadRef> wake) {
    this.mostAtOnce = mostAtOnce;
    this.wake = wake;
  }

  /**
   * One waits. If its turn has come, it counts as being rolled from now on.
   *
   * @param protections all that have one
   */
  Turn ask(WorkloadRef ref, Supplier<? extends Collection<WorkloadRef>> protections) {
    Turn turn;
    boolean first;
    synchronized (this) {
      // Listed under the lock: an older list would lack those who have asked meanwhile.
      Collection<WorkloadRef> all = protections.get();
      first = seen.add(ref);
      waiting.add(ref);
      seen.retainAll(all);
      waiting.retainAll(all);
      rolling.keySet().retainAll(all);
      if (!seen.containsAll(all)) {
        return new Turn.Later(waiting.headSet(ref).size(), Optional.empty());
      }
      turn = Turn.of(ref, waiting, rolling, mostAtOnce);
      if (turn instanceof Turn.Now) {
        waiting.remove(ref);
        rolling.put(ref, Optional.empty());
      }
    }
    if (first) {
      // It may be the one that those before it were waiting for.
      wakeNext();
    }
    return turn;
  }

  /**
   * One was written and has not settled.
   *
   * @param stuck what the Deployment controller says of it, if it does not come to its end
   */
  void rolls(WorkloadRef ref, Optional<String> stuck) {
    boolean changed;
    synchronized (this) {
      boolean first = seen.add(ref);
      boolean waited = waiting.remove(ref);
      changed = !stuck.equals(rolling.put(ref, stuck)) || first || waited;
    }
    if (changed) {
      wakeNext();
    }
  }

  /** One neither waits nor is being rolled. */
  void rests(WorkloadRef ref) {
    boolean changed;
    synchronized (this) {
      boolean first = seen.add(ref);
      boolean waited = waiting.remove(ref);
      changed = rolling.remove(ref) != null || first || waited;
    }
    if (changed) {
      wakeNext();
    }
  }

  /** Whether one is being rolled. */
  synchronized boolean isRolling(WorkloadRef ref) {
    return rolling.containsKey(ref);
  }

  /**
   * Those whose turn may have come; and, of a namespace that one which does not settle has stopped,
   * the first, who are to say so. Nobody else: those who wait would wake one another without end.
   */
  private void wakeNext() {
    List<WorkloadRef> next = new ArrayList<>();
    synchronized (this) {
      Set<String> stopped = Turn.stopped(rolling);
      int free = Math.max(0, mostAtOnce - Turn.underWay(rolling).size());
      waiting.stream()
          .filter(ref -> !stopped.contains(ref.namespace()))
          .limit(free)
          .forEach(next::add);
      for (String namespace : stopped) {
        waiting.stream()
            .filter(ref -> ref.namespace().equals(namespace))
            .limit(mostAtOnce)
            .forEach(next::add);
      }
    }
    next.forEach(wake);
  }
}
