package dev.graceful.observe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What all EndpointSlices together say of each pod. Not thread-safe. */
final class Endpoints {

  /** What one slice's coming, changing or going touches. */
  record Change(Set<String> podUids, Set<String> cameOrWent, boolean portsChanged) {}

  private final Map<String, SliceFacts> slices = new HashMap<>();
  private final Map<String, Set<String>> slicesOfPod = new HashMap<>();

  /** Each slice's key as a set: most pods are in one slice, and share it. */
  private final Map<String, Set<String>> alone = new HashMap<>();

  private final Map<String, Set<String>> slicesOfService = new HashMap<>();

  Change put(SliceFacts now) {
    String key = key(now.namespace(), now.name());
    return exchange(key, slices.put(key, now), now);
  }

  Change remove(String namespace, String name) {
    String key = key(namespace, name);
    Change change = exchange(key, slices.remove(key), null);
    alone.remove(key);
    return change;
  }

  private Change exchange(String key, @Nullable SliceFacts before, @Nullable SliceFacts now) {
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
    return new Change(touched, cameOrWent, portsChanged);
  }

  /** Whether any slice has the pod. */
  boolean have(String podUid) {
    return slicesOfPod.containsKey(podUid);
  }

  /** The ports that the pod serves for any slice. */
  Set<Integer> portsOf(String podUid) {
    Set<Integer> ports = new TreeSet<>();
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      SliceFacts slice = slices.get(key);
      if (slice != null) {
        ports.addAll(slice.ports());
      }
    }
    return ports;
  }

  /** The names of the Services that the pod serves. */
  Set<String> servicesOf(String podUid) {
    Set<String> services = new TreeSet<>();
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      SliceFacts slice = slices.get(key);
      if (slice != null && slice.service() != null) {
        services.add(slice.service());
      }
    }
    return services;
  }

  boolean isReadyAnywhere(String podUid) {
    return hasEndpoint(podUid, SliceFacts.EndpointFacts::ready);
  }

  /** Whether any slice has it as terminating. */
  boolean isTerminating(String podUid) {
    return hasEndpoint(podUid, SliceFacts.EndpointFacts::terminating);
  }

  /** Whether any slice has it as terminating, and as ready all the same. */
  boolean isKeptReady(String podUid) {
    return hasEndpoint(podUid, endpoint -> endpoint.terminating() && endpoint.ready());
  }

  private boolean hasEndpoint(String podUid, Predicate<SliceFacts.EndpointFacts> which) {
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      SliceFacts slice = slices.get(key);
      SliceFacts.EndpointFacts endpoint = slice == null ? null : slice.endpoints().get(podUid);
      if (endpoint != null && which.test(endpoint)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of the pod's Services has no ready endpoint. */
  boolean lacksReady(String podUid) {
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      String service = service(slices.get(key));
      if (service != null && !hasReady(service)) {
        return true;
      }
    }
    return false;
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
