package dev.graceful.observe;

import java.util.List;
import java.util.Set;

/** Which containers of a pod serve the ports of its EndpointSlices. */
public final class ServingContainers {

  private ServingContainers() {}

  /**
   * The containers that declare any of the ports; if none does (declaring is optional), the only
   * container, or all of several, as nobody can tell which.
   */
  public static List<ContainerFacts> among(List<ContainerFacts> containers, Set<Integer> ports) {
    List<ContainerFacts> declaring =
        containers.stream().filter(c -> c.ports().stream().anyMatch(ports::contains)).toList();
    return declaring.isEmpty() ? containers : declaring;
  }
}
