package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kind of custom resource that leads clients to Services. One row a kind; it is watched where the
 * API server serves it.
 *
 * @param versions those that can be read; the first that is served is watched
 * @param backends where its backends stand: names of fields with dots between them, each list on
 *     the way with all its elements. What stands there is an object with the {@code name} of a
 *     Service, or a host name
 * @param delay the field with the deregistration delay in seconds; null: the kind has none
 */
public record RouteKind(
    String group,
    List<String> versions,
    String kind,
    String plural,
    Way way,
    List<String> backends,
    @Nullable String delay) {

  /** All that the operator knows. Read as their schemas have them. */
  public static final List<RouteKind> ALL =
      List.of(
          gateway("HTTPRoute", "v1", "v1beta1"),
          gateway("GRPCRoute", "v1"),
          gateway("TLSRoute", "v1", "v1alpha3", "v1alpha2"),
          gateway("TCPRoute", "v1", "v1alpha2"),
          gateway("UDPRoute", "v1", "v1alpha2"),
          new RouteKind(
              "route.openshift.io",
              List.of("v1"),
              "Route",
              "routes",
              Way.Route,
              List.of("spec.to", "spec.alternateBackends")),
          traefik("IngressRoute", "spec.routes.services"),
          traefik("IngressRouteTCP", "spec.routes.services"),
          traefik("IngressRouteUDP", "spec.routes.services"),
          // The backend of an IngressRoute may be one of these, which has the Services.
          traefik("TraefikService", "spec.weighted.services", "spec.mirroring"),
          new RouteKind(
              "networking.istio.io",
              List.of("v1", "v1beta1", "v1alpha3"),
              "VirtualService",
              "virtualservices",
              Way.Route,
              List.of(
                  "spec.http.route.destination.host",
                  "spec.tls.route.destination.host",
                  "spec.tcp.route.destination.host")),
          new RouteKind(
              "projectcontour.io",
              List.of("v1"),
              "HTTPProxy",
              "httpproxies",
              Way.Route,
              List.of("spec.routes.services", "spec.tcpproxy.services")),
          new RouteKind(
              "elbv2.k8s.aws",
              List.of("v1beta1"),
              "TargetGroupBinding",
              "targetgroupbindings",
              Way.TargetGroup,
              List.of("spec.serviceRef")),
          // What a Gateway of GKE has for a Service.
          new RouteKind(
              "networking.gke.io",
              List.of("v1"),
              "GCPBackendPolicy",
              "gcpbackendpolicies",
              Way.LoadBalancer,
              List.of("spec.targetRef"),
              "spec.default.connectionDraining.drainingTimeoutSec"));

  private RouteKind(
      String group,
      List<String> versions,
      String kind,
      String plural,
      Way way,
      List<String> backends) {
    this(group, versions, kind, plural, way, backends, null);
  }

  private static RouteKind gateway(String kind, String... versions) {
    return new RouteKind(
        "gateway.networking.k8s.io",
        List.of(versions),
        kind,
        plural(kind),
        Way.Route,
        List.of("spec.rules.backendRefs"));
  }

  private static RouteKind traefik(String kind, String... backends) {
    return new RouteKind(
        "traefik.io", List.of("v1alpha1"), kind, plural(kind), Way.Route, List.of(backends));
  }

  private static String plural(String kind) {
    return kind.toLowerCase(Locale.ROOT) + "s";
  }
}
