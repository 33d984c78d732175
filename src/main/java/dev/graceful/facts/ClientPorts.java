package dev.graceful.facts;

import java.util.HashSet;
import java.util.Set;

/**
 * How the EndpointSlices lead clients to one pod, or to all pods of a Deployment. Those of Services
 * for discovery are no way of clients.
 *
 * @param exposed whether any slice that clients use has it
 * @param tcp the TCP ports in those: numbers of the pods
 * @param others the ports of other protocols in those, which nothing can be connected to
 * @param discovery the names of the Services for discovery that have it too
 */
public record ClientPorts(
    boolean exposed, Set<Integer> tcp, Set<Integer> others, Set<String> discovery) {

  /** No slice has it. */
  public static final ClientPorts NONE = new ClientPorts(false, Set.of(), Set.of(), Set.of());

  /** The same with ports at the address of the pods' nodes. */
  public ClientPorts and(Set<Integer> hostPorts) {
    if (hostPorts.isEmpty()) {
      return this;
    }
    Set<Integer> both = new HashSet<>(tcp);
    both.addAll(hostPorts);
    return new ClientPorts(true, Set.copyOf(both), others, discovery);
  }

  /** All of them, whatever their protocol. */
  public Set<Integer> all() {
    Set<Integer> all = new HashSet<>(tcp);
    all.addAll(others);
    return all;
  }
}
