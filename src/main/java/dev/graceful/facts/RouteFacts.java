package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of an Ingress or an HTTPRoute: where it leads.
 *
 * @param name as users call it: "Ingress web"
 */
public record RouteFacts(String namespace, String name, Way way, Set<Backend> services) {

  /** Reads an Ingress of the API. */
  public static RouteFacts from(Ingress ingress) {
    String namespace = ingress.getMetadata().getNamespace();
    Set<Backend> services = new HashSet<>();
    var spec = ingress.getSpec();
    if (spec != null) {
      add(services, namespace, spec.getDefaultBackend());
      for (var rule : orEmpty(spec.getRules())) {
        if (rule.getHttp() != null) {
          for (var path : orEmpty(rule.getHttp().getPaths())) {
            add(services, namespace, path.getBackend());
          }
        }
      }
    }
    return new RouteFacts(
        namespace, "Ingress " + ingress.getMetadata().getName(), Way.Ingress, Set.copyOf(services));
  }

  /** Reads an HTTPRoute of the Gateway API. Only its backends count. */
  public static RouteFacts fromHttpRoute(GenericKubernetesResource route) {
    String namespace = route.getMetadata().getNamespace();
    Set<Backend> services = new HashSet<>();
    for (Object rule : list(route.<Object>get("spec", "rules"))) {
      for (Object reference : list(value(rule, "backendRefs"))) {
        Object kind = value(reference, "kind");
        Object group = value(reference, "group");
        boolean service =
            (kind == null || "Service".equals(kind)) && (group == null || "".equals(group));
        if (service && value(reference, "name") instanceof String name) {
          Object of = value(reference, "namespace");
          services.add(new Backend(of instanceof String given ? given : namespace, name));
        }
      }
    }
    return new RouteFacts(
        namespace, "HTTPRoute " + route.getMetadata().getName(), Way.Gateway, Set.copyOf(services));
  }

  private static void add(
      Set<Backend> services, String namespace, @Nullable IngressBackend backend) {
    if (backend != null && backend.getService() != null) {
      services.add(new Backend(namespace, backend.getService().getName()));
    }
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static @Nullable Object value(@Nullable Object map, String key) {
    return map instanceof Map<?, ?> fields ? fields.get(key) : null;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
