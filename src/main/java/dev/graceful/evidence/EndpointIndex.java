package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.SliceFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What all EndpointSlices together say of each pod. */
final class EndpointIndex {

  /** What one slice's coming, changing or going touches. */
  record Change(
      String namespace, Set<String> podUids, Set<String> cameOrWent, boolean portsChanged) {}

  private final Map<String, SliceFacts> slices = new HashMap<>();
  private final Map<String, Set<String>> slicesOfPod = new HashMap<>();

  /** Each slice's key as a set: most pods are in one slice, and share it. */
  private final Map<String, Set<String>> alone = new HashMap<>();

  private final Map<String, Set<String>> slicesOfService = new HashMap<>();

  Change put(SliceFacts now) {
    String key = key(now.namespace(), now.name());
    return replace(now.namespace(), key, slices.put(key, now), now);
  }

  Change remove(String namespace, String name) {
    String key = key(namespace, name);
    Change change = replace(namespace, key, slices.remove(key), null);
    alone.remove(key);
    return change;
  }

  private Change replace(
      String namespace, String key, @Nullable SliceFacts before, @Nullable SliceFacts now) {
    Set<String> were = before == null ? Set.of() : before.endpoints().keySet();
    Set<String> are = now == null ? Set.of() : now.endpoints().keySet();
    Set<String> touched = new HashSet<>(were);
    touched.addAll(are);
    Set<String> cameOrWent = new HashSet<>();
    for (String uid : touched) {
      if (were.contains(uid) != are.contains(uid)) {
        cameOrWent.add(uid);
        move(slicesOfPod, uid, key, are.contains(uid));
      }
    }
    String oldService = service(before);
    String newService = service(now);
    if (oldService != null && !oldService.equals(newService)) {
      move(slicesOfService, oldService, key, false);
    }
    if (newService != null) {
      move(slicesOfService, newService, key, true);
    }
    boolean portsChanged = before == null || now == null || !before.ports().equals(now.ports());
    return new Change(namespace, touched, cameOrWent, portsChanged);
  }

  /** Whether any slice has the pod. */
  boolean have(PodRef pod) {
    return !slicesOf(pod).isEmpty();
  }

  /** Anybody may write the uid of any pod into a slice: only those of its namespace count. */
  private List<SliceFacts> slicesOf(PodRef pod) {
    return slicesOfPod.getOrDefault(pod.uid(), Set.of()).stream()
        .map(slices::get)
        .filter(slice -> slice != null && slice.namespace().equals(pod.namespace()))
        .toList();
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

  /** The ports that the pod serves for any slice. */
  Set<Integer> portsOf(PodRef pod) {
    Set<Integer> ports = new TreeSet<>();
    slicesOf(pod).forEach(slice -> ports.addAll(slice.ports()));
    return ports;
  }

  /** The names of the Services that the pod serves. */
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
