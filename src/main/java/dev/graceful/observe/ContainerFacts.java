package dev.graceful.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A regular container of a pod template.
 *
 * @param hasPreStop whether it has a preStop hook of any kind
 * @param sleepSeconds the seconds of its preStop sleep; 0: none, or a hook of another kind
 * @param ports the container ports that it declares; declaring them is optional
 * @param namedPorts those of them that have a name, by it
 */
public record ContainerFacts(
    String name,
    boolean hasPreStop,
    int sleepSeconds,
    boolean hasReadinessProbe,
    Set<Integer> ports,
    Map<String, Integer> namedPorts) {

  /** Reads a container of the API. */
  public static ContainerFacts from(Container container) {
    Lifecycle lifecycle = container.getLifecycle();
    LifecycleHandler preStop = lifecycle == null ? null : lifecycle.getPreStop();
    int sleepSeconds =
        preStop == null || preStop.getSleep() == null || preStop.getSleep().getSeconds() == null
            ? 0
            : Math.toIntExact(preStop.getSleep().getSeconds());
    return new ContainerFacts(
        container.getName(),
        preStop != null,
        sleepSeconds,
        container.getReadinessProbe() != null,
        container.getPorts().stream()
            .map(ContainerPort::getContainerPort)
            .collect(Collectors.toUnmodifiableSet()),
        container.getPorts().stream()
            .filter(port -> port.getName() != null)
            .collect(
                Collectors.toUnmodifiableMap(
                    ContainerPort::getName, ContainerPort::getContainerPort, (a, b) -> a)));
  }
}
