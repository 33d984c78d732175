package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.Service;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a Service.
 *
 * @param way null: it has no pods of its own (ExternalName)
 * @param discovery whether it publishes the addresses of pods that are not ready: by it pods find
 *     each other, and it is no way of clients
 */
public record BackendFacts(Backend name, @Nullable Way way, boolean discovery) {

  /** Reads a Service of the API. */
  public static BackendFacts from(Service service) {
    var metadata = service.getMetadata();
    return new BackendFacts(
        new Backend(metadata.getNamespace(), metadata.getName()),
        way(service),
        service.getSpec() != null
            && Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()));
  }

  private static @Nullable Way way(Service service) {
    var spec = service.getSpec();
    String type = spec == null || spec.getType() == null ? "ClusterIP" : spec.getType();
    return switch (type) {
      case "ExternalName" -> null;
      case "LoadBalancer" -> Way.LoadBalancer;
      case "NodePort" ->
          "Local".equals(spec.getExternalTrafficPolicy()) ? Way.NodePortLocal : Way.NodePort;
      default -> spec != null && "None".equals(spec.getClusterIP()) ? Way.Headless : Way.ClusterIp;
    };
  }
}
