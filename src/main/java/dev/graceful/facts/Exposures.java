package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how Services are reached: fed by the watch callbacks, a few words a Service and a
 * route. Thread-safe.
 */
public final class Exposures {

  private final Map<Backend, BackendFacts> services = new HashMap<>();
  private final Map<String, RouteFacts> routes = new HashMap<>();
  private final Map<Backend, Set<RouteFacts>> routesTo = new HashMap<>();

  /**
   * A Service is there, or has changed.
   *
   * @return whether that makes a difference
   */
  public synchronized boolean backend(BackendFacts facts) {
    if (facts.way() == null) {
      return services.remove(facts.name()) != null;
    }
    return !facts.equals(services.put(facts.name(), facts));
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
    // The first stands for those that differ in neither.
    Map<Map.Entry<Way, Optional<DeregistrationDelay>>, Entrance> alike = new LinkedHashMap<>();
    names.stream()
        .sorted()
        .flatMap(name -> entrances(new Backend(namespace, name)))
        .forEach(e -> alike.putIfAbsent(Map.entry(e.way(), Optional.ofNullable(e.delay())), e));
    return new Exposure(List.copyOf(alike.values()));
  }

  private Stream<Entrance> entrances(Backend name) {
    BackendFacts service = services.get(name);
    Stream<RouteFacts> leading =
        routesTo.getOrDefault(name, Set.of()).stream()
            .sorted(Comparator.comparing(RouteFacts::name));
    if (service == null || service.way() == null) {
      return leading.map(route -> new Entrance(route.way(), route.name(), route.delay()));
    }
    return Stream.concat(
            Stream.of(new Entrance(service.way(), "Service " + name.name())),
            leading.map(r -> new Entrance(service.way(r), r.name(), r.delay())))
        .map(entrance -> entrance.declaredBy(service.delay()));
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
