package dev.graceful.template;

import java.util.List;
import java.util.Set;

/**
 * What is known of a Deployment's pods besides its template.
 *
 * @param servingPorts the ports that EndpointSlices have for them; empty: no slice has any of them
 * @param injected the containers that they have, and the template has not, by name; those without a
 *     preStop hook
 */
public record RunningPods(Set<Integer> servingPorts, List<String> injected) {

  /** Pods with the containers of the template. */
  public static RunningPods serving(Set<Integer> ports) {
    return new RunningPods(ports, List.of());
  }
}
