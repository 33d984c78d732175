package dev.graceful.reconcile;

import dev.graceful.observe.ReadinessAnswer;
import dev.graceful.observe.ReadinessCheck;
import dev.graceful.observe.WorkloadRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries policies' readiness probes on running pods, away from the reconciling threads, and keeps
 * the answers. An app without a probe counts as ready while it still starts, so one that fails is
 * asked a few times. Thread-safe.
 */
final class Trials {

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5));

  /** What is tried; another template may answer differently. */
  private record What(ReadinessCheck check, String template) {}

  private record Tried(What what, @Nullable ReadinessAnswer answer, int tries, long atNanos) {}

  /** An answer, and when to ask for it again; null: never. */
  record Answered(ReadinessAnswer answer, @Nullable Duration again) {}

  private final Map<WorkloadRef, Tried> tried = new ConcurrentHashMap<>();
  private final Function<WorkloadRef, @Nullable String> readyAddress;
  private final BiFunction<String, ReadinessCheck, ReadinessAnswer> knock;
  private final Consumer<WorkloadRef> wake;

  /**
   * Nothing was tried yet.
   *
   * @param readyAddress the address of a ready pod of a workload; null: it has none
   * @param knock asks at an address; it may wait, and does not throw
   * @param wake told who has an answer
   */
  Trials(
      Function<WorkloadRef, @Nullable String> readyAddress,
      BiFunction<String, ReadinessCheck, ReadinessAnswer> knock,
      Consumer<WorkloadRef> wake) {
    this.readyAddress = readyAddress;
    this.knock = knock;
    this.wake = wake;
  }

  /**
   * What a pod of the workload answered.
   *
   * @param template of the workload's pods
   * @return null: it is being asked; the workload is woken when it has answered
   */
  @Nullable Answered ask(WorkloadRef ref, ReadinessCheck check, String template, long nanos) {
    var what = new What(check, template);
    Tried last = tried.get(ref);
    Tried known = last != null && last.what.equals(what) ? last : null;
    if (known != null) {
      if (known.answer == null) {
        return null;
      }
      Duration pause = left(known, nanos);
      if (known.answer instanceof ReadinessAnswer.Passed || pause == null) {
        return new Answered(known.answer, null);
      }
      if (pause.isPositive()) {
        return new Answered(known.answer, pause);
      }
    }
    String address = readyAddress.apply(ref);
    if (address == null) {
      // Woken again when a pod is ready, as the Deployment changes with it.
      return new Answered(new ReadinessAnswer.Failed("no running pod is there to try it on"), null);
    }
    int tries = known == null ? 0 : known.tries;
    var asked = new Tried(what, null, tries + 1, nanos);
    tried.put(ref, asked);
    Thread.ofVirtual()
        .name("readiness-trial")
        .start(
            () -> {
              ReadinessAnswer answer = knock.apply(address, check);
              // Not if it is forgotten by now, or something else is asked.
              tried.replace(ref, asked, new Tried(what, answer, tries + 1, System.nanoTime()));
              wake.accept(ref);
            });
    return null;
  }

  /** A workload is gone, or nobody governs it. */
  void forget(WorkloadRef ref) {
    tried.remove(ref);
  }

  /** How long until the next try; null: there is none. */
  private static @Nullable Duration left(Tried known, long nanos) {
    return known.tries > PAUSES.size()
        ? null
        : PAUSES.get(known.tries - 1).minusNanos(nanos - known.atNanos);
  }
}
