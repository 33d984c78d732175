package dev.graceful.reconcile;

import dev.graceful.cluster.Answer;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.reconcile.Programmer.Acted;
import dev.graceful.status.Programming;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Leaves the API server alone for a while, longer each time, when it cannot take what the operator
 * writes. Meanwhile the rest of a reconciliation goes on. Thread-safe.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final LongSupplier nanos;
  private final Map<WorkloadRef, Failure> failures = new ConcurrentHashMap<>();

  /**
   * Nothing has failed yet.
   *
   * @param nanos the monotonic clock
   */
  Backoff(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private record Failure(Duration pause, long sinceNanos, String answer) {
    Duration left(long nowNanos) {
      return pause.minusNanos(nowNanos - sinceNanos);
    }

    Duration nextPause() {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }
  }

  /**
   * Runs the writes about a workload, unless they have just failed.
   *
   * @throws KubernetesClientException if another try would fail as well, or there was no answer
   */
  Acted attempt(WorkloadRef ref, Supplier<Acted> writes) {
    Failure last = failures.get(ref);
    if (last != null && last.left(nanos.getAsLong()).isPositive()) {
      return waits(last);
    }
    try {
      Acted acted = writes.get();
      failures.remove(ref);
      return acted;
    } catch (KubernetesClientException e) {
      if (!Answer.isForNow(e)) {
        throw e;
      }
      var failure =
          new Failure(
              last == null ? FIRST : last.nextPause(), nanos.getAsLong(), Answer.message(e));
      failures.put(ref, failure);
      return waits(failure);
    }
  }

  /** The workload is gone, or nothing is written about it any more. */
  void forget(WorkloadRef ref) {
    failures.remove(ref);
  }

  private Acted waits(Failure failure) {
    return new Acted(Programming.failed(failure.answer()), failure.left(nanos.getAsLong()));
  }
}
