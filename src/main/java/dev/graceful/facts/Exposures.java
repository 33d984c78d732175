package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how Services are reached: fed by the watch callbacks, a few words a Service and a
 * route. Thread-safe.
 */
public final class Exposures {

  private final Map<Backend, Way> services = new HashMap<>();
  private final Map<String, RouteFacts> routes = new HashMap<>();
  private final Map<Backend, Set<RouteFacts>> routesTo = new HashMap<>();

  /**
   * A Service is there, or has changed.
   *
   * @return whether that makes a difference
   */
  public synchronized boolean backend(BackendFacts facts) {
    Way before =
        facts.way() == null
            ? services.remove(facts.name())
            : services.put(facts.name(), facts.way());
    return before != facts.way();
  }

  /** A Service is gone. */
  public synchronized void backendGone(Backend name) {
    services.remove(name);
  }

  /**
   * An Ingress or an HTTPRoute is there, or has changed.
   *
   * @return the namespaces that it makes a difference to
   */
  public synchronized Set<String> route(RouteFacts facts) {
    RouteFacts before = routes.put(key(facts), facts);
    return facts.equals(before) ? Set.of() : exchange(before, facts);
  }

  /**
   * An Ingress or an HTTPRoute is gone.
   *
   * @return the namespaces that it makes a difference to
   */
  public synchronized Set<String> routeGone(RouteFacts facts) {
    return exchange(routes.remove(key(facts)), null);
  }

  /** How these Services of a namespace are reached. */
  public synchronized Exposure of(String namespace, Collection<String> names) {
    Map<Way, String> ways = new EnumMap<>(Way.class);
    names.stream()
        .sorted()
        .forEach(
            name -> {
              var service = new Backend(namespace, name);
              Way way = services.get(service);
              if (way != null) {
                ways.putIfAbsent(way, "Service " + name);
              }
              routesTo.getOrDefault(service, Set.of()).stream()
                  .sorted(Comparator.comparing(RouteFacts::name))
                  .forEach(route -> ways.putIfAbsent(route.way(), route.name()));
            });
    return new Exposure(Map.copyOf(ways));
  }

  private Set<String> exchange(@Nullable RouteFacts before, @Nullable RouteFacts now) {
    Set<String> namespaces = new HashSet<>();
    if (before != null) {
      for (Backend service : before.services()) {
        namespaces.add(service.namespace());
        Set<RouteFacts> others = routesTo.get(service);
        if (others != null && others.remove(before) && others.isEmpty()) {
          routesTo.remove(service);
        }
      }
    }
    if (now != null) {
      for (Backend service : now.services()) {
        namespaces.add(service.namespace());
        routesTo.computeIfAbsent(service, s -> new HashSet<>()).add(now);
      }
    }
    return namespaces;
  }

  private static String key(RouteFacts facts) {
    return facts.namespace() + "/" + facts.name();
  }
}
