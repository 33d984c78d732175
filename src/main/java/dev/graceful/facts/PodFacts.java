package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a pod.
 *
 * @param replicaSetUid the uid of the controlling ReplicaSet; null: it has none
 * @param address null: not yet assigned
 * @param graceSeconds what its template gives it; 0: not known
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
    long graceSeconds,
    @Nullable Long deletionGraceSeconds,
    boolean deletionTaken,
    @Nullable String disruption,
    @Nullable String failure,
    @Nullable String proxy,
    boolean hostNetwork,
    List<ContainerFacts> containers,
    Map<String, Exit> exits) {

  private static final String WINDOWS = "windows";

  /** The containers that service meshes put before the app. */
  private static final Set<String> PROXIES =
      Set.of("istio-proxy", "linkerd-proxy", "kuma-sidecar", "consul-dataplane", "envoy-sidecar");

  /** Reads a pod of the API; of one that only has metadata, those. */
  public static PodFacts from(Pod pod) {
    var metadata = pod.getMetadata();
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    return new PodFacts(
        // One string for all pods of a namespace.
        new PodRef(metadata.getNamespace().intern(), metadata.getName(), metadata.getUid()),
        replicaSetUid(metadata),
        status.getPodIP(),
        reason(status, "Ready").isPresent(),
        graceSeconds(pod),
        deletionGraceSeconds(metadata),
        isDeletionTaken(metadata, status),
        reason(status, "DisruptionTarget").map(r -> r.isEmpty() ? null : r).orElse(null),
        "Failed".equals(status.getPhase())
            ? Objects.requireNonNullElse(status.getReason(), "")
            : null,
        proxy(pod),
        pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
        pod.getSpec() == null
            ? List.of()
            : pod.getSpec().getContainers().stream().map(ContainerFacts::from).toList(),
        exits(status, deletedSecond(metadata), !isWindows(pod)));
  }

  private static @Nullable String replicaSetUid(ObjectMeta metadata) {
    return metadata.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> "ReplicaSet".equals(owner.getKind()))
        .map(OwnerReference::getUid)
        .reduce((first, last) -> last)
        .orElse(null);
  }

  /** The reason of a condition that holds, perhaps without characters; empty: it does not hold. */
  private static Optional<String> reason(PodStatus status, String type) {
    return status.getConditions().stream()
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .map(c -> Objects.requireNonNullElse(c.getReason(), ""))
        .reduce((first, last) -> last);
  }

  private static long graceSeconds(Pod pod) {
    return pod.getSpec() == null
        ? 0
        : Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), 0L);
  }

  private static @Nullable Long deletionGraceSeconds(ObjectMeta metadata) {
    return metadata.getDeletionTimestamp() == null
        ? null
        : Objects.requireNonNullElse(metadata.getDeletionGracePeriodSeconds(), 0L);
  }

  /** Only the kubelet writes the observed generation, and each deletion raises the generation. */
  private static boolean isDeletionTaken(ObjectMeta metadata, PodStatus status) {
    return metadata.getDeletionTimestamp() != null
        && metadata.getGeneration() != null
        && status.getObservedGeneration() != null
        && status.getObservedGeneration() >= metadata.getGeneration();
  }

  /** By what the pod says of itself, or the nodes that it may run on. */
  private static boolean isWindows(Pod pod) {
    var spec = pod.getSpec();
    if (spec == null) {
      return false;
    }
    return (spec.getOs() != null && WINDOWS.equals(spec.getOs().getName()))
        || (spec.getNodeSelector() != null
            && WINDOWS.equals(spec.getNodeSelector().get("kubernetes.io/os")));
  }

  private static Map<String, Exit> exits(
      PodStatus status, @Nullable Long deletedSecond, boolean posix) {
    Map<String, Exit> exits = new HashMap<>();
    for (ContainerStatus container : status.getContainerStatuses()) {
      var terminated = container.getState() == null ? null : container.getState().getTerminated();
      if (terminated != null && terminated.getExitCode() != null) {
        Long finished = second(terminated.getFinishedAt());
        exits.put(
            container.getName(),
            new Exit(
                terminated.getExitCode(),
                Objects.requireNonNullElse(terminated.getReason(), ""),
                finished == null || deletedSecond == null ? null : finished - deletedSecond,
                posix));
      }
    }
    return Map.copyOf(exits);
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
