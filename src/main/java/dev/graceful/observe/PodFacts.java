package dev.graceful.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a pod.
 *
 * @param replicaSetUid the uid of the controlling ReplicaSet; null: it has none
 * @param address null: not yet assigned
 * @param deletionGraceSeconds null: it is not being deleted
 * @param deletionTaken whether the kubelet has written a status since the deletion; always false
 *     before Kubernetes 1.34
 * @param disruption the reason of its DisruptionTarget condition; null: none
 * @param failure why its phase is Failed; null: it is not
 * @param proxy the name of a container that is known to stand before the app; null: none
 * @param hostNetwork whether its address is its node's
 * @param exits how its containers ended, by name; those that run are not in it
 */
public record PodFacts(
    PodRef ref,
    @Nullable String replicaSetUid,
    @Nullable String address,
    boolean ready,
    @Nullable Long deletionGraceSeconds,
    boolean deletionTaken,
    @Nullable String disruption,
    @Nullable String failure,
    @Nullable String proxy,
    boolean hostNetwork,
    List<ContainerFacts> containers,
    Map<String, Exit> exits) {

  /** The containers that service meshes put before the app. */
  private static final Set<String> PROXIES =
      Set.of("istio-proxy", "linkerd-proxy", "kuma-sidecar", "consul-dataplane", "envoy-sidecar");

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
    @Nullable String failure = null;
    boolean deletionTaken = false;
    Map<String, Exit> exits = new HashMap<>();
    @Nullable Long deletedSecond = deletedSecond(metadata);
    var status = pod.getStatus();
    if (status != null) {
      address = status.getPodIP();
      if ("Failed".equals(status.getPhase())) {
        failure = status.getReason() == null ? "" : status.getReason();
      }
      // Only the kubelet writes it, and each deletion raises the generation.
      deletionTaken =
          metadata.getDeletionTimestamp() != null
              && metadata.getGeneration() != null
              && status.getObservedGeneration() != null
              && status.getObservedGeneration() >= metadata.getGeneration();
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
          @Nullable Long finished = second(terminated.getFinishedAt());
          exits.put(
              container.getName(),
              new Exit(
                  terminated.getExitCode(),
                  reason,
                  finished == null || deletedSecond == null ? null : finished - deletedSecond));
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
        // One string for all pods of a namespace.
        new PodRef(metadata.getNamespace().intern(), metadata.getName(), metadata.getUid()),
        replicaSetUid,
        address,
        ready,
        grace,
        deletionTaken,
        disruption,
        failure,
        proxy(pod),
        pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
        pod.getSpec() == null
            ? List.of()
            : pod.getSpec().getContainers().stream().map(ContainerFacts::from).toList(),
        Map.copyOf(exits));
  }

  /** The API's deletionTimestamp is when the grace period is over. */
  private static @Nullable Long deletedSecond(ObjectMeta metadata) {
    Long until = second(metadata.getDeletionTimestamp());
    Long grace = metadata.getDeletionGracePeriodSeconds();
    return until == null || grace == null ? null : until - grace;
  }

  private static @Nullable Long second(@Nullable String time) {
    try {
      return time == null ? null : Instant.parse(time).getEpochSecond();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable String proxy(Pod pod) {
    var spec = pod.getSpec();
    return spec == null
        ? null
        : Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
            .map(Container::getName)
            .filter(PROXIES::contains)
            .findFirst()
            .orElse(null);
  }
}
