package dev.graceful.controller;

import dev.graceful.config.Settings;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.AdmissionPlaces;
import dev.graceful.rollout.RolloutQueue;
import dev.graceful.rollout.Turn;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What the operator remembers of all workloads: one table, the queue of rollouts and the places at
 * the MutatingAdmissionPolicy. Thread-safe.
 */
final class Workloads {

  private final Map<WorkloadRef, Memory> memories = new ConcurrentHashMap<>();
  private final RolloutQueue queue;
  private final AdmissionPlaces places;
  private final Consumer<WorkloadRef> wake;

  /**
   * Nothing is remembered.
   *
   * @param wake takes the workloads whose turn may have come
   */
  Workloads(Settings.Apply settings, Consumer<WorkloadRef> wake) {
    this.queue = new RolloutQueue(settings.mostAtOnce());
    this.places = new AdmissionPlaces(settings.atAdmission() ? settings.mostAtAdmission() : 0);
    this.wake = wake;
  }

  /** What is remembered of a workload. */
  Memory of(WorkloadRef ref) {
    return memories.getOrDefault(ref, Memory.NONE);
  }

  /** Changes what is remembered of a workload, and returns it. */
  Memory update(WorkloadRef ref, UnaryOperator<Memory> change) {
    Memory next =
        memories.compute(
            ref,
            (r, old) -> {
              Memory changed = change.apply(old == null ? Memory.NONE : old);
              return changed.equals(Memory.NONE) ? null : changed;
            });
    return next == null ? Memory.NONE : next;
  }

  /** Forgets a workload: it is gone, or the operator has nothing to do with it any more. */
  void forget(WorkloadRef ref) {
    memories.remove(ref);
    place(ref, false, Stream::empty);
    rests(ref);
  }

  /**
   * Asks for a turn in the queue.
   *
   * @param all the workloads that have a protection
   */
  Turn askTurn(WorkloadRef ref, Supplier<? extends Collection<WorkloadRef>> all) {
    RolloutQueue.Asked asked;
    synchronized (queue) {
      // Listed under the lock: an older list would lack workloads that have asked meanwhile.
      asked = queue.ask(ref, all.get());
    }
    asked.wake().forEach(wake);
    return asked.turn();
  }

  /** A workload was written and has not settled; see {@link RolloutQueue#rolls}. */
  void rolls(WorkloadRef ref, Optional<String> stuck) {
    List<WorkloadRef> next;
    synchronized (queue) {
      next = queue.rolls(ref, stuck);
    }
    next.forEach(wake);
  }

  /** A workload neither waits nor is being rolled out. */
  void rests(WorkloadRef ref) {
    List<WorkloadRef> next;
    synchronized (queue) {
      next = queue.rests(ref);
    }
    next.forEach(wake);
  }

  /** Whether the queue counts a workload as being rolled out. */
  boolean isRolling(WorkloadRef ref) {
    synchronized (queue) {
      return queue.isRolling(ref);
    }
  }

  /**
   * Takes a place at the MutatingAdmissionPolicy, or gives it back.
   *
   * @param recorded see {@link AdmissionPlaces#take}
   * @return whether the workload has one
   */
  boolean place(WorkloadRef ref, boolean wanted, Supplier<Stream<WorkloadRef>> recorded) {
    synchronized (places) {
      if (wanted) {
        return places.take(ref, recorded);
      }
      places.leave(ref);
      return false;
    }
  }
}
