package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which pods of an app there are and were, by uid: what the operator says that it saw is held
 * against this.
 */
final class PodCensus implements ResourceEventHandler<Pod>, AutoCloseable {

  private record Life(String replicaSet, boolean ending, boolean gone) {}

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
    lives.put(uid(pod), life(pod, false));
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    lives.put(uid(pod), life(pod, false));
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    lives.put(uid(pod), life(pod, true));
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static Life life(Pod pod, boolean gone) {
    String replicaSet =
        pod.getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getName)
            .findFirst()
            .orElse("");
    return new Life(replicaSet, pod.getMetadata().getDeletionTimestamp() != null, gone);
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
