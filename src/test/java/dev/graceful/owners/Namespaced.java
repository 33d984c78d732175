package dev.graceful.owners;

import dev.graceful.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is and was in one namespace of one app. Watches fill it; whoever asks gets the newest. */
final class Namespaced {

  private static final String REVISION = "deployment.kubernetes.io/revision";

  /** A pod that is known by its uid, and whether it was seen to end. */
  private final Map<String, Boolean> endedByPod = new HashMap<>();

  private final Map<String, Long> revisionByReplicaSet = new HashMap<>();
  private @Nullable Deployment deployment;
  private @Nullable GenericKubernetesResource policy;
  private @Nullable GenericKubernetesResource protection;
  private long changedNanos = System.nanoTime();

  synchronized void pod(String uid, boolean ending) {
    endedByPod.merge(uid, ending, (was, is) -> was || is);
    changed();
  }

  synchronized void replicaSet(ReplicaSet set) {
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    revisionByReplicaSet.merge(
        set.getMetadata().getUid(),
        annotations == null ? 0 : Long.parseLong(annotations.getOrDefault(REVISION, "0")),
        Math::max);
    changed();
  }

  synchronized void deployment(@Nullable Deployment is) {
    deployment = is;
    changed();
  }

  synchronized void policy(@Nullable GenericKubernetesResource is) {
    policy = is;
    changed();
  }

  synchronized void protection(@Nullable GenericKubernetesResource is) {
    protection = is;
    changed();
  }

  private void changed() {
    changedNanos = System.nanoTime();
    notifyAll();
  }

  synchronized Optional<Deployment> deployment() {
    return Optional.ofNullable(deployment);
  }

  synchronized Optional<GenericKubernetesResource> protection() {
    return Optional.ofNullable(protection);
  }

  synchronized Optional<GenericKubernetesResource> policy() {
    return Optional.ofNullable(policy);
  }

  /** The highest revision that there ever was; 0: none. */
  synchronized long revision() {
    return revisionByReplicaSet.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  synchronized Set<String> alive() {
    return pods(false);
  }

  /** All that were deleted, by uid. */
  synchronized Set<String> ended() {
    return pods(true);
  }

  private Set<String> pods(boolean ended) {
    Set<String> result = new HashSet<>();
    endedByPod.forEach(
        (uid, hasEnded) -> {
          if (hasEnded == ended) {
            result.add(uid);
          }
        });
    return result;
  }

  /** No rollout under way, as {@code kubectl rollout status} sees it. */
  synchronized boolean isSettled() {
    if (deployment == null || deployment.getStatus() == null) {
      return false;
    }
    int replicas = deployment.getSpec().getReplicas();
    var status = deployment.getStatus();
    return orZero(status.getObservedGeneration()) >= deployment.getMetadata().getGeneration()
        && orZero(status.getUpdatedReplicas()) == replicas
        && orZero(status.getReplicas()) == replicas
        && orZero(status.getAvailableReplicas()) == replicas
        && pods(false).size() == replicas;
  }

  private static long orZero(@Nullable Number number) {
    return number == null ? 0 : number.longValue();
  }

  /** What happened before does not count for {@link #quietFor}. */
  synchronized void beginsToCount() {
    changedNanos = System.nanoTime();
  }

  /** How long nothing has happened. */
  synchronized Duration quietFor() {
    return Duration.ofNanos(System.nanoTime() - changedNanos);
  }

  /** Waits until it holds, at most so long; returns whether it does. */
  synchronized boolean await(Duration limit, BooleanSupplier condition) {
    long endNanos = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNanos >= 0) {
        return false;
      }
      try {
        wait(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return true;
  }

  /** The protection's word on what is written; empty: none yet. */
  synchronized Optional<Condition> programmed() {
    return Optional.ofNullable(protection).flatMap(p -> condition(p, "Programmed"));
  }

  /** A condition that the operator gave a policy or a protection. */
  static Optional<Condition> condition(GenericKubernetesResource resource, String type) {
    if (!(resource.get("status", "conditions") instanceof List<?> conditions)) {
      return Optional.empty();
    }
    return conditions.stream()
        .map(Map.class::cast)
        .filter(condition -> type.equals(condition.get("type")))
        .filter(condition -> !"Pending".equals(condition.get("reason")))
        .map(
            condition ->
                new Condition(
                    type,
                    Condition.Status.valueOf(String.valueOf(condition.get("status"))),
                    String.valueOf(condition.get("reason")),
                    String.valueOf(condition.get("message")),
                    String.valueOf(condition.get("lastTransitionTime")),
                    null))
        .findFirst();
  }
}
