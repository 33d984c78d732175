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
   * An Ingress or another route is there, or has changed.
   *
   * @return whether that makes a difference to its namespace
   */
  public synchronized boolean route(RouteFacts facts) {
    if (facts.services().isEmpty()) {
      return routeGone(facts);
    }
    RouteFacts before = routes.put(key(facts), facts);
    if (facts.equals(before)) {
      return false;
    }
    forget(before);
    for (String service : facts.services()) {
      routesTo
          .computeIfAbsent(new Backend(facts.namespace(), service), s -> new HashSet<>())
          .add(facts);
    }
    return true;
  }

  /**
   * An Ingress or another route is gone.
   *
   * @return whether that makes a difference to its namespace
   */
  public synchronized boolean routeGone(RouteFacts facts) {
    RouteFacts before = routes.remove(key(facts));
    forget(before);
    return before != null;
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

  private void forget(@Nullable RouteFacts route) {
    if (route != null) {
      for (String name : route.services()) {
        var service = new Backend(route.namespace(), name);
        Set<RouteFacts> others = routesTo.get(service);
        if (others != null && others.remove(route) && others.isEmpty()) {
          routesTo.remove(service);
        }
      }
    }
  }

  private static String key(RouteFacts facts) {
    return facts.namespace() + "/" + facts.name();
  }
}
