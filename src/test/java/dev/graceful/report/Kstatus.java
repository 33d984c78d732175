package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What kstatus, and with it Flux and {@code helm --wait}, makes of a custom resource. */
enum Kstatus {
  Current,
  InProgress,
  Failed;

  /** As {@code sigs.k8s.io/cli-utils/pkg/kstatus} computes it. */
  static Kstatus of(long generation, @Nullable Long observed, List<Condition> conditions) {
    if (observed != null && observed != generation) {
      return InProgress;
    }
    if (is(conditions, "Reconciling").filter(s -> s == Condition.Status.True).isPresent()) {
      return InProgress;
    }
    if (is(conditions, "Stalled").filter(s -> s == Condition.Status.True).isPresent()) {
      return Failed;
    }
    return is(conditions, "Ready").filter(s -> s != Condition.Status.True).isPresent()
        ? InProgress
        : Current;
  }

  private static Optional<Condition.Status> is(List<Condition> conditions, String type) {
    return Objects.requireNonNull(conditions).stream()
        .filter(condition -> condition.type().equals(type))
        .map(Condition::status)
        .findFirst();
  }
}
