package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of an Ingress or a {@link RouteKind}: where it leads.
 *
 * @param name as users call it: "Ingress web"
 * @param services the Services of its own namespace that it leads to, at most {@link Fields#MOST}.
 *     What it says of another namespace has no effect there
 * @param delay that it declares for its load balancer; null: none
 * @param anyClass whether it is an Ingress that names no class
 */
public record RouteFacts(
    String namespace,
    String name,
    Way way,
    Set<String> services,
    @Nullable DeregistrationDelay delay,
    boolean anyClass) {

  /** What the API server takes as the name of a Service. */
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * By a label with such a prefix the AWS load balancer controller marks the bindings that it makes
   * for an Ingress or a Service. Those say themselves how they are reached.
   */
  private static final Pattern OF_STACK = Pattern.compile("(ingress|service)\\.k8s\\.aws/stack.*");

  /** Reads an Ingress of the API. */
  public static RouteFacts from(Ingress ingress) {
    Set<String> services = new HashSet<>();
    var spec = ingress.getSpec();
    if (spec != null) {
      add(services, spec.getDefaultBackend());
      for (var rule : orEmpty(spec.getRules())) {
        if (rule.getHttp() != null) {
          for (var path : orEmpty(rule.getHttp().getPaths())) {
            add(services, path.getBackend());
          }
        }
      }
    }
    var metadata = ingress.getMetadata();
    Way way = CloudBalancers.way(ingress);
    String name = "Ingress " + metadata.getName();
    return new RouteFacts(
        metadata.getNamespace(),
        name,
        way,
        bounded(services),
        way == Way.LoadBalancer ? DeregistrationDelay.in(metadata.getAnnotations(), name) : null,
        CloudBalancers.isOfNoClass(ingress));
  }

  /** Reads a custom resource of such a kind. Never throws, whatever it contains. */
  public static RouteFacts from(RouteKind kind, GenericKubernetesResource object) {
    var metadata = object.getMetadata();
    String name = kind.kind() + " " + metadata.getName();
    String namespace = metadata.getNamespace();
    Stream<String> services =
        leadsToPods(kind, object)
            ? kind.backends().stream()
                .flatMap(path -> Fields.at(object, path).stream())
                .map(backend -> service(backend, namespace))
                .filter(Objects::nonNull)
            : Stream.of();
    return new RouteFacts(
        namespace,
        name,
        kind.way(),
        bounded(services.collect(Collectors.toSet())),
        delay(kind, object, name),
        false);
  }

  private static @Nullable DeregistrationDelay delay(
      RouteKind kind, GenericKubernetesResource object, String name) {
    String field = kind.delay();
    return field == null
        ? null
        : Fields.at(object, field).stream()
            .findFirst()
            .map(value -> DeregistrationDelay.of(value, field, name))
            .orElse(null);
  }

  /** A binding may have nodes as targets: then it is kube-proxy that sends to pods. */
  private static boolean leadsToPods(RouteKind kind, GenericKubernetesResource object) {
    if (kind.way() != Way.TargetGroup) {
      return true;
    }
    Map<String, String> labels = object.getMetadata().getLabels();
    boolean ofStack =
        labels != null && labels.keySet().stream().anyMatch(l -> OF_STACK.matcher(l).matches());
    return !ofStack && !Fields.at(object, "spec.targetType").contains("instance");
  }

  /** The name of the Service; null: it is none of the namespace. */
  private static @Nullable String service(Object backend, String namespace) {
    if (backend instanceof String host) {
      return named(ofHost(host, namespace));
    }
    boolean service =
        is(Fields.field(backend, "kind"), "Service")
            && is(Fields.field(backend, "group"), "")
            && is(Fields.field(backend, "namespace"), namespace);
    return service ? named(Fields.field(backend, "name")) : null;
  }

  /** What is not given is as usual. */
  private static boolean is(@Nullable Object given, String usual) {
    return given == null || given.equals(usual) || given.equals("");
  }

  /**
   * Istio takes a short name as one of the route's own namespace, and else wants all of {@code
   * name.namespace.svc.cluster.local}.
   */
  private static @Nullable String ofHost(String host, String namespace) {
    String[] labels = host.split("\\.", 4);
    boolean own =
        labels.length == 1
            || (labels[1].equals(namespace) && (labels.length == 2 || labels[2].equals("svc")));
    return own ? labels[0] : null;
  }

  private static @Nullable String named(@Nullable Object name) {
    return name instanceof String text && SERVICE_NAME.matcher(text).matches() ? text : null;
  }

  private static void add(Set<String> services, @Nullable IngressBackend backend) {
    if (backend != null && backend.getService() != null) {
      String name = named(backend.getService().getName());
      if (name != null) {
        services.add(name);
      }
    }
  }

  private static Set<String> bounded(Set<String> services) {
    return services.stream().sorted().limit(Fields.MOST).collect(Collectors.toUnmodifiableSet());
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
