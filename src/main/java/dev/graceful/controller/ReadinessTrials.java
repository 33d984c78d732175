package dev.graceful.controller;

import dev.graceful.controller.Memory.Trial;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.Attempt;
import dev.graceful.rollout.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries policies' readiness probes on running pods, away from the reconciling threads. A probe that
 * fails is tried a few times. Thread-safe.
 */
final class ReadinessTrials {

  /** An answer, and when to ask for it again; null: never. */
  record Answered(ReadinessAnswer answer, @Nullable Duration again) {}

  private final Workloads workloads;
  private final Function<WorkloadRef, @Nullable String> readyAddress;
  private final BiFunction<String, ReadinessCheck, ReadinessAnswer> asker;
  private final Consumer<WorkloadRef> wake;

  /**
   * Nothing was tried yet.
   *
   * @param workloads keeps the answers
   * @param readyAddress the address of a ready pod of a workload; null: it has none
   * @param asker asks at an address; it may wait, and does not throw
   * @param wake takes the workload whose pod has answered
   */
  ReadinessTrials(
      Workloads workloads,
      Function<WorkloadRef, @Nullable String> readyAddress,
      BiFunction<String, ReadinessCheck, ReadinessAnswer> asker,
      Consumer<WorkloadRef> wake) {
    this.workloads = workloads;
    this.readyAddress = readyAddress;
    this.asker = asker;
    this.wake = wake;
  }

  /**
   * What a pod of the workload answered.
   *
   * @param template of the workload's pods
   * @return null: it is being asked; the workload is woken when it has answered
   */
  @Nullable Answered ask(WorkloadRef ref, ReadinessCheck check, String template, long nanos) {
    var trial = new Trial(check, template);
    var last = workloads.of(ref).trial();
    if (last != null && last.isOf(trial)) {
      if (last.answer().isEmpty()) {
        return null;
      }
      ReadinessAnswer answer = last.answer().get();
      Duration left = answer instanceof ReadinessAnswer.Passed ? null : last.left(nanos);
      if (left == null || left.isPositive()) {
        return new Answered(answer, left);
      }
    }
    String address = readyAddress.apply(ref);
    if (address == null) {
      // Woken again when a pod is ready, as the Deployment changes with it.
      return new Answered(new ReadinessAnswer.Failed("no running pod is there to try it on"), null);
    }
    Attempt<Trial, Optional<ReadinessAnswer>> asked =
        Attempt.next(last, Backoff.READINESS, trial, Optional.empty(), nanos);
    workloads.update(ref, memory -> memory.with(asked));
    Thread.ofVirtual()
        .name("readiness-trial")
        .start(
            () -> {
              ReadinessAnswer answer = asker.apply(address, check);
              workloads.update(ref, memory -> answered(memory, asked, answer));
              wake.accept(ref);
            });
    return null;
  }

  /** The same if this is not asked any more, or was forgotten. */
  private static Memory answered(
      Memory memory, Attempt<Trial, Optional<ReadinessAnswer>> asked, ReadinessAnswer answer) {
    return asked.equals(memory.trial())
        ? memory.with(asked.answered(Optional.of(answer), System.nanoTime()))
        : memory;
  }
}
