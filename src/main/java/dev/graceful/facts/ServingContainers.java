package dev.graceful.facts;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Which containers of a pod serve the ports of its EndpointSlices. */
public final class ServingContainers {

  private ServingContainers() {}

  /**
   * The containers that declare any of the ports; if none does (declaring is optional), the only
   * container, or all of several, as it is not known which.
   */
  public static List<ContainerFacts> among(List<ContainerFacts> containers, Set<Integer> ports) {
    return among(containers, Function.identity(), ports);
  }

  /** The same for containers with more facts. */
  public static <T> List<T> among(
      List<T> containers, Function<T, ContainerFacts> facts, Set<Integer> ports) {
    List<T> declaring =
        containers.stream()
            .filter(c -> facts.apply(c).ports().stream().anyMatch(ports::contains))
            .toList();
    return declaring.isEmpty() ? containers : declaring;
  }
}
