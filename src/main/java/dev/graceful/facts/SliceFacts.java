package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of an EndpointSlice.
 *
 * @param service the name of the Service that it belongs to; null: none
 * @param discovery whether that Service is for discovery, and no way of clients; no slice says so
 *     itself, see {@link #withDiscovery}
 * @param ports the TCP ports that its endpoints serve: numbers of the pods, already resolved
 * @param otherPorts the same of other protocols: UDP and SCTP
 * @param endpoints the pods in it, by uid; addresses that are no pods are left out
 */
public record SliceFacts(
    String namespace,
    String name,
    @Nullable String service,
    boolean discovery,
    Set<Integer> ports,
    Set<Integer> otherPorts,
    Map<String, EndpointFacts> endpoints) {

  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  /** How a slice has one pod. A condition that is not there means ready, and not terminating. */
  public record EndpointFacts(boolean ready, boolean terminating) {

    private static final EndpointFacts READY = new EndpointFacts(true, false);
    private static final EndpointFacts UNREADY = new EndpointFacts(false, false);
    private static final EndpointFacts LEAVING = new EndpointFacts(false, true);

    /** One of the few that there are, as there is one for each pod. */
    private static EndpointFacts of(boolean ready, boolean terminating) {
      if (ready) {
        return terminating ? new EndpointFacts(true, true) : READY;
      }
      return terminating ? LEAVING : UNREADY;
    }
  }

  /** The same, with these strings for equal ones: there are as many as there are pods. */
  public SliceFacts withUids(UnaryOperator<String> same) {
    return new SliceFacts(
        namespace,
        name,
        service,
        discovery,
        ports,
        otherPorts,
        endpoints.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(e -> same.apply(e.getKey()), Map.Entry::getValue)));
  }

  /** The same, as its Service says. */
  public SliceFacts withDiscovery(boolean discovery) {
    return new SliceFacts(namespace, name, service, discovery, ports, otherPorts, endpoints);
  }

  /** Reads a slice of the API. What its Service is for is not in it. */
  public static SliceFacts from(EndpointSlice slice) {
    Set<Integer> ports = new TreeSet<>();
    Set<Integer> otherPorts = new TreeSet<>();
    // The API serves null where a Service has no ports or a slice no endpoints.
    for (EndpointPort port : orEmpty(slice.getPorts())) {
      boolean tcp = port.getProtocol() == null || "TCP".equals(port.getProtocol());
      if (port.getPort() != null) {
        (tcp ? ports : otherPorts).add(port.getPort());
      }
    }
    Map<String, EndpointFacts> endpoints = new HashMap<>();
    for (Endpoint endpoint : orEmpty(slice.getEndpoints())) {
      var target = endpoint.getTargetRef();
      if (target == null || !"Pod".equals(target.getKind()) || target.getUid() == null) {
        continue;
      }
      var conditions = endpoint.getConditions();
      boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
      boolean terminating = conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
      // A pod with two addresses of one family would be in twice: ready in any is ready.
      endpoints.merge(
          target.getUid(),
          EndpointFacts.of(ready, terminating),
          (a, b) -> EndpointFacts.of(a.ready || b.ready, a.terminating || b.terminating));
    }
    return new SliceFacts(
        slice.getMetadata().getNamespace(),
        slice.getMetadata().getName(),
        slice.getMetadata().getLabels() == null
            ? null
            : slice.getMetadata().getLabels().get(SERVICE_LABEL),
        false,
        Set.copyOf(ports),
        Set.copyOf(otherPorts),
        Map.copyOf(endpoints));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
