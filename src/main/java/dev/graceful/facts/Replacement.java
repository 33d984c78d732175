package dev.graceful.facts;

import dev.graceful.api.v1alpha1.PrintableText;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How new pods of a Deployment take the place of old ones.
 *
 * @param recreate whether its strategy is Recreate
 * @param surges whether a new pod may be made before an old one is deleted
 * @param held what one pod holds and the next one needs, such as "host port 8080"; null: nothing
 *     that the template tells. A claim counts: of most only one node can have the volume
 * @param hostPorts the container ports that clients reach at the node's address
 */
public record Replacement(
    boolean recreate, boolean surges, @Nullable String held, Set<Integer> hostPorts) {

  /** A rolling update of pods that hold nothing. */
  public static final Replacement ROLLING = new Replacement(false, true, null, Set.of());

  static Replacement from(DeploymentSpec spec) {
    PodSpec pod = spec.getTemplate().getSpec();
    var strategy = spec.getStrategy();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    return new Replacement(
        strategy != null && "Recreate".equals(strategy.getType()),
        rolling == null || !isZero(rolling.getMaxSurge()),
        held(pod),
        hostPorts(pod)
            .map(ContainerPort::getContainerPort)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Kubernetes rounds a share up, so that only 0 and 0% come to none. */
  private static boolean isZero(@Nullable IntOrString number) {
    return number != null && ("" + number.getValue()).matches("0+%?");
  }

  private static @Nullable String held(PodSpec pod) {
    Optional<String> port =
        hostPorts(pod)
            .findFirst()
            .map(
                p ->
                    "host port "
                        + Objects.requireNonNullElse(p.getHostPort(), p.getContainerPort()));
    return port.or(() -> claim(pod)).orElse(null);
  }

  private static Optional<String> claim(PodSpec pod) {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getPersistentVolumeClaim() != null)
        .map(
            volume ->
                "the volume of PersistentVolumeClaim "
                    + PrintableText.of(
                        volume.getPersistentVolumeClaim().getClaimName(), PrintableText.NAME))
        .findFirst();
  }

  /** On the node's network each port is the node's, whether the API server has filled that in. */
  private static Stream<ContainerPort> hostPorts(PodSpec pod) {
    boolean all = Boolean.TRUE.equals(pod.getHostNetwork());
    return pod.getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> all || (port.getHostPort() != null && port.getHostPort() > 0));
  }
}
