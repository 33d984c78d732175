package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of an app there are and were, by uid: what the operator says that it saw is held
 * against this.
 */
final class PodCensus implements ResourceEventHandler<Pod>, AutoCloseable {

  /**
   * @param endingNanos when it was first seen that the pod was deleted; null: it is not
   * @param exitedNanos when it was first seen that all its containers had ended; null: not yet
   */
  private record Life(
      String replicaSet, @Nullable Long endingNanos, @Nullable Long exitedNanos, boolean gone) {

    boolean ending() {
      return endingNanos != null;
    }
  }

  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> informer;

  private PodCensus(KubernetesClient client, String namespace, String app) {
    informer = client.pods().inNamespace(namespace).withLabel("app", app).inform(this);
  }

  static PodCensus of(KubernetesClient client, String namespace, String app) {
    return new PodCensus(client, namespace, app);
  }

  @Override
  public void onAdd(Pod pod) {
    keep(pod, false);
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    keep(pod, false);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    keep(pod, true);
  }

  private void keep(Pod pod, boolean gone) {
    long now = System.nanoTime();
    lives.compute(uid(pod), (_, before) -> life(pod, gone, before, now));
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static Life life(Pod pod, boolean gone, @Nullable Life before, long now) {
    String replicaSet =
        pod.getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getName)
            .findFirst()
            .orElse("");
    boolean ending = pod.getMetadata().getDeletionTimestamp() != null;
    List<ContainerStatus> containers = pod.getStatus().getContainerStatuses();
    boolean exited =
        !containers.isEmpty()
            && containers.stream().allMatch(each -> each.getState().getTerminated() != null);
    return new Life(
        replicaSet,
        first(before == null ? null : before.endingNanos(), ending, now),
        first(before == null ? null : before.exitedNanos(), exited, now),
        gone);
  }

  private static @Nullable Long first(@Nullable Long before, boolean is, long now) {
    return before == null && is ? Long.valueOf(now) : before;
  }

  /**
   * When it was first seen that a pod was deleted, on the clock of the clients' logs; empty: it was
   * not seen.
   */
  Optional<Long> endingUnixMillis(String uid) {
    return Optional.ofNullable(lives.get(uid)).map(Life::endingNanos).map(PodCensus::unixMillis);
  }

  private static long unixMillis(long nanos) {
    return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** How long each pod of a revision took from its deletion to its exit, as a watch sees it. */
  List<Double> secondsToExit(String replicaSet) {
    List<Double> seconds = new ArrayList<>();
    for (Life life : lives.values()) {
      Long ending = life.endingNanos();
      Long exited = life.exitedNanos();
      if (life.replicaSet().equals(replicaSet) && ending != null && exited != null) {
        seconds.add((exited - ending) / 1e9);
      }
    }
    return seconds;
  }

  /** The uids of the pods that a revision has now, those that are ending included. */
  Set<String> present(String replicaSet) {
    return uids(life -> !life.gone() && life.replicaSet().equals(replicaSet));
  }

  /** The uids of all the pods that a revision ever lost. */
  Set<String> gone(String replicaSet) {
    return uids(life -> life.gone() && life.replicaSet().equals(replicaSet));
  }

  /** The uids of all the pods that are no more, by the names of their ReplicaSets. */
  Map<String, Set<String>> gone() {
    return lives.entrySet().stream()
        .filter(life -> life.getValue().gone())
        .collect(
            Collectors.groupingBy(
                life -> life.getValue().replicaSet(),
                Collectors.mapping(Map.Entry::getKey, Collectors.toSet())));
  }

  /** Whether any of a revision's pods is being ended, or has been. */
  boolean isEnding(String replicaSet) {
    return !uids(life -> (life.ending() || life.gone()) && life.replicaSet().equals(replicaSet))
        .isEmpty();
  }

  /** How many pods are there that another revision made, or that are ending. */
  int leftovers(String currentReplicaSet) {
    return uids(life ->
            !life.gone() && (life.ending() || !life.replicaSet().equals(currentReplicaSet)))
        .size();
  }

  private Set<String> uids(Predicate<Life> condition) {
    return lives.entrySet().stream()
        .filter(life -> condition.test(life.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    informer.close();
  }
}
