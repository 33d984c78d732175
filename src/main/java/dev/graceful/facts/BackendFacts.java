package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a Service.
 *
 * @param way null: it has no pods of its own (ExternalName)
 * @param delay that it declares for its load balancer, or for that of its Ingresses; null: none
 * @param groupForIngress whether the load balancer of an Ingress of GKE has its pods as targets
 * @param discovery whether it publishes the addresses of pods that are not ready: by it pods find
 *     each other, and it is no way of clients
 */
public record BackendFacts(
    Backend name,
    @Nullable Way way,
    @Nullable DeregistrationDelay delay,
    boolean groupForIngress,
    boolean discovery) {

  /** Reads a Service of the API. */
  public static BackendFacts from(Service service) {
    var metadata = service.getMetadata();
    Map<String, String> annotations = metadata.getAnnotations();
    return new BackendFacts(
        new Backend(metadata.getNamespace(), metadata.getName()),
        way(service),
        DeregistrationDelay.in(annotations, "Service " + metadata.getName()),
        CloudBalancers.hasGroupForIngress(annotations),
        service.getSpec() != null
            && Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()));
  }

  /** How an Ingress that leads to it does so. */
  Way way(RouteFacts route) {
    return route.way() == Way.Ingress && route.anyClass() && groupForIngress
        ? Way.LoadBalancer
        : route.way();
  }

  private static @Nullable Way way(Service service) {
    var spec = service.getSpec();
    String type = spec == null || spec.getType() == null ? "ClusterIP" : spec.getType();
    Way annotated = CloudBalancers.way(service.getMetadata().getAnnotations());
    if (annotated == Way.LoadBalancer
        || (annotated == Way.TargetGroup && "LoadBalancer".equals(type))) {
      return annotated;
    }
    return switch (type) {
      case "ExternalName" -> null;
      case "LoadBalancer" -> Way.LoadBalancer;
      case "NodePort" ->
          "Local".equals(spec.getExternalTrafficPolicy()) ? Way.NodePortLocal : Way.NodePort;
      default -> spec != null && "None".equals(spec.getClusterIP()) ? Way.Headless : Way.ClusterIp;
    };
  }
}
