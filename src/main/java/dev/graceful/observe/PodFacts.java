package dev.graceful.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a pod.
 *
 * @param replicaSetUid the uid of the controlling ReplicaSet; null: it has none
 * @param address null: not yet assigned
 * @param deletionGraceSeconds null: it is not being deleted
 * @param disruption the reason of its DisruptionTarget condition; null: none
 * @param exits how its containers ended, by name; those that run are not in it
 */
public record PodFacts(
    PodRef ref,
    @Nullable String replicaSetUid,
    @Nullable String address,
    boolean ready,
    @Nullable Long deletionGraceSeconds,
    @Nullable String disruption,
    List<ContainerFacts> containers,
    Map<String, Exit> exits) {

  /** Reads a pod of the API; of one that only has metadata, those. */
  public static PodFacts from(Pod pod) {
    var metadata = pod.getMetadata();
    @Nullable String replicaSetUid = null;
    for (OwnerReference owner : metadata.getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController()) && "ReplicaSet".equals(owner.getKind())) {
        replicaSetUid = owner.getUid();
      }
    }
    boolean ready = false;
    @Nullable String disruption = null;
    @Nullable String address = null;
    Map<String, Exit> exits = new HashMap<>();
    var status = pod.getStatus();
    if (status != null) {
      address = status.getPodIP();
      for (PodCondition condition : status.getConditions()) {
        boolean holds = "True".equals(condition.getStatus());
        if (holds && "Ready".equals(condition.getType())) {
          ready = true;
        }
        if (holds && "DisruptionTarget".equals(condition.getType())) {
          disruption = condition.getReason();
        }
      }
      for (ContainerStatus container : status.getContainerStatuses()) {
        var terminated = container.getState() == null ? null : container.getState().getTerminated();
        if (terminated != null && terminated.getExitCode() != null) {
          String reason = terminated.getReason() == null ? "" : terminated.getReason();
          exits.put(container.getName(), new Exit(terminated.getExitCode(), reason));
        }
      }
    }
    @Nullable Long grace =
        metadata.getDeletionTimestamp() == null
            ? null
            : metadata.getDeletionGracePeriodSeconds() == null
                ? Long.valueOf(0)
                : metadata.getDeletionGracePeriodSeconds();
    return new PodFacts(
        new PodRef(metadata.getNamespace(), metadata.getName(), metadata.getUid()),
        replicaSetUid,
        address,
        ready,
        grace,
        disruption,
        pod.getSpec() == null
            ? List.of()
            : pod.getSpec().getContainers().stream().map(ContainerFacts::from).toList(),
        Map.copyOf(exits));
  }
}
