package dev.graceful.evidence;

import dev.graceful.facts.Backend;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.SliceFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all EndpointSlices together say of each pod. Those of Services for discovery say nothing:
 * they are kept to name their Services.
 */
final class EndpointIndex {

  /**
   * What one slice's coming, changing or going touches.
   *
   * @param cameOrWent of the pods, those that it took up or dropped as a way of clients
   * @param waysChanged whether clients may reach the pods in another way now
   */
  record Change(
      String namespace, Set<String> podUids, Set<String> cameOrWent, boolean waysChanged) {}

  private final Map<String, SliceFacts> slices = new HashMap<>();
  private final Map<String, Set<String>> slicesOfPod = new HashMap<>();

  /** Each slice's key as a set: most pods are in one slice, and share it. */
  private final Map<String, Set<String>> alone = new HashMap<>();

  private final Map<String, Set<String>> slicesOfService = new HashMap<>();

  /** The Services for discovery. They may be seen after their slices, and may change. */
  private final Set<String> discovery = new HashSet<>();

  Change put(SliceFacts slice) {
    String key = key(slice.namespace(), slice.name());
    String service = service(slice);
    SliceFacts now = slice.withDiscovery(service != null && discovery.contains(service));
    return replace(now.namespace(), key, slices.put(key, now), now);
  }

  /** Takes over what a Service is for, and says what each of its slices touches by that. */
  List<Change> service(Backend name, boolean isDiscovery) {
    String key = key(name.namespace(), name.name());
    if (isDiscovery ? !discovery.add(key) : !discovery.remove(key)) {
      return List.of();
    }
    return slicesOfService.getOrDefault(key, Set.of()).stream()
        .map(slices::get)
        .filter(Objects::nonNull)
        .map(this::put)
        .toList();
  }

  Change remove(String namespace, String name) {
    String key = key(namespace, name);
    Change change = replace(namespace, key, slices.remove(key), null);
    alone.remove(key);
    return change;
  }

  private Change replace(
      String namespace, String key, @Nullable SliceFacts before, @Nullable SliceFacts now) {
    Set<String> were = uids(before);
    Set<String> are = uids(now);
    Set<String> joinedOrLeft = symmetricDifference(were, are);
    joinedOrLeft.forEach(uid -> move(slicesOfPod, uid, key, are.contains(uid)));
    Set<String> clientsWere = isForClients(before) ? were : Set.of();
    Set<String> clientsAre = isForClients(now) ? are : Set.of();
    Set<String> touched = new HashSet<>(joinedOrLeft);
    touched.addAll(clientsWere);
    touched.addAll(clientsAre);
    String oldService = service(before);
    String newService = service(now);
    if (oldService != null && !oldService.equals(newService)) {
      move(slicesOfService, oldService, key, false);
    }
    if (newService != null) {
      move(slicesOfService, newService, key, true);
    }
    return new Change(
        namespace,
        touched,
        symmetricDifference(clientsWere, clientsAre),
        before == null
            || now == null
            || now.discovery()
            || before.discovery()
            || !before.ports().equals(now.ports())
            || !before.otherPorts().equals(now.otherPorts()));
  }

  private static Set<String> uids(@Nullable SliceFacts slice) {
    return slice == null ? Set.of() : slice.endpoints().keySet();
  }

  private static boolean isForClients(@Nullable SliceFacts slice) {
    return slice != null && !slice.discovery();
  }

  private static Set<String> symmetricDifference(Set<String> some, Set<String> others) {
    if (some.equals(others)) {
      return Set.of();
    }
    Set<String> different = new HashSet<>(some);
    different.removeAll(others);
    others.stream().filter(each -> !some.contains(each)).forEach(different::add);
    return different;
  }

  /** Whether any slice that clients use has the pod. */
  boolean have(PodRef pod) {
    return !slicesOf(pod).isEmpty();
  }

  private List<SliceFacts> slicesOf(PodRef pod) {
    return allSlicesOf(pod).filter(EndpointIndex::isForClients).toList();
  }

  /** Anybody may write the uid of any pod into a slice: only those of its namespace count. */
  private Stream<SliceFacts> allSlicesOf(PodRef pod) {
    return slicesOfPod.getOrDefault(pod.uid(), Set.of()).stream()
        .map(slices::get)
        .filter(slice -> slice != null && slice.namespace().equals(pod.namespace()));
  }

  /**
   * What the slices say of a pod now.
   *
   * @param cameOrWent whether the slice that changed took it up or dropped it
   * @param deleted whether the pod's deletion was seen
   */
  Entry.Endpoint entry(PodRef pod, boolean cameOrWent, boolean deleted, Tick now) {
    boolean ready = hasEndpoint(pod, SliceFacts.EndpointFacts::ready);
    boolean terminating = hasEndpoint(pod, SliceFacts.EndpointFacts::terminating);
    return new Entry.Endpoint(
        now,
        have(pod),
        cameOrWent,
        ready,
        terminating,
        hasEndpoint(pod, endpoint -> endpoint.terminating() && endpoint.ready()),
        // Only asked for a pod that may be leaving: it looks at all endpoints of its Services.
        (terminating || deleted) && !ready && lacksReady(pod));
  }

  /** How clients reach these pods. */
  ClientPorts portsOf(Stream<PodRef> pods) {
    boolean exposed = false;
    Set<Integer> tcp = new TreeSet<>();
    Set<Integer> others = new TreeSet<>();
    Set<String> forDiscovery = new TreeSet<>();
    for (SliceFacts slice : pods.flatMap(this::allSlicesOf).toList()) {
      if (!slice.discovery()) {
        exposed = true;
        tcp.addAll(slice.ports());
        others.addAll(slice.otherPorts());
      } else if (slice.service() != null) {
        forDiscovery.add(slice.service());
      }
    }
    return new ClientPorts(exposed, tcp, others, forDiscovery);
  }

  /** The names of the Services by which clients reach each TCP port of the pod. */
  SortedMap<Integer, SortedSet<String>> servicesByPort(PodRef pod) {
    SortedMap<Integer, SortedSet<String>> services = new TreeMap<>();
    for (SliceFacts slice : slicesOf(pod)) {
      for (int port : slice.ports()) {
        SortedSet<String> names = services.computeIfAbsent(port, p -> new TreeSet<>());
        if (slice.service() != null) {
          names.add(slice.service());
        }
      }
    }
    return services;
  }

  /** The names of the Services by which clients reach the pod. */
  Set<String> servicesOf(PodRef pod) {
    Set<String> services = new TreeSet<>();
    for (SliceFacts slice : slicesOf(pod)) {
      if (slice.service() != null) {
        services.add(slice.service());
      }
    }
    return services;
  }

  private boolean hasEndpoint(PodRef pod, Predicate<SliceFacts.EndpointFacts> which) {
    return slicesOf(pod).stream()
        .map(slice -> slice.endpoints().get(pod.uid()))
        .anyMatch(endpoint -> endpoint != null && which.test(endpoint));
  }

  /** Whether one of the pod's Services has no ready endpoint. */
  private boolean lacksReady(PodRef pod) {
    return slicesOf(pod).stream()
        .map(EndpointIndex::service)
        .anyMatch(service -> service != null && !hasReady(service));
  }

  private boolean hasReady(String service) {
    return slicesOfService.getOrDefault(service, Set.of()).stream()
        .map(slices::get)
        .anyMatch(
            slice ->
                slice != null
                    && slice.endpoints().values().stream()
                        .anyMatch(SliceFacts.EndpointFacts::ready));
  }

  private void move(Map<String, Set<String>> index, String of, String key, boolean in) {
    Set<String> keys = new TreeSet<>(index.getOrDefault(of, Set.of()));
    if (in) {
      keys.add(key);
    } else {
      keys.remove(key);
    }
    if (keys.isEmpty()) {
      index.remove(of);
    } else {
      index.put(
          of,
          keys.size() == 1
              ? alone.computeIfAbsent(keys.iterator().next(), Set::of)
              : Set.copyOf(keys));
    }
  }

  private static @Nullable String service(@Nullable SliceFacts slice) {
    return slice == null || slice.service() == null
        ? null
        : key(slice.namespace(), slice.service());
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
