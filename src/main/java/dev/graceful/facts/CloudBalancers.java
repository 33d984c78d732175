package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** By what an Ingress or a Service shows that a load balancer of a cloud serves it. */
final class CloudBalancers {

  /**
   * Of the AWS load balancer controller, GKE, and the two Application Gateways of Azure, as their
   * documentation names them.
   */
  private static final Set<String> CLASSES =
      Set.of(
          "alb",
          "gce",
          "gce-internal",
          "azure/application-gateway",
          "azure-application-gateway",
          "azure-alb-external");

  /** Proxies in the cluster. Annotations that were left over from another class say nothing. */
  private static final Pattern PROXY =
      Pattern.compile("(nginx|traefik|haproxy|contour|kong|istio|openshift|cilium).*");

  private static final Pattern ANNOTATION =
      Pattern.compile("(alb|appgw)\\.ingress\\.kubernetes\\.io/.*");

  /** A standalone network endpoint group; one for Ingresses alone says {@code ingress}. */
  private static final Pattern EXPOSED_PORTS = Pattern.compile("\"exposed_ports\"\\s*:");

  private static final Pattern FOR_INGRESS = Pattern.compile("\"ingress\"\\s*:\\s*true");

  private CloudBalancers() {}

  /** Whether its class says nothing: the cluster's usual one serves it. */
  static boolean isOfNoClass(Ingress ingress) {
    return className(ingress) == null;
  }

  /**
   * How an Ingress leads to pods. One whose targets are nodes is as one of a proxy in the cluster:
   * it is kube-proxy that sends to pods.
   */
  static Way way(Ingress ingress) {
    Map<String, String> annotations = orEmpty(ingress.getMetadata().getAnnotations());
    if ("instance".equals(annotations.get("alb.ingress.kubernetes.io/target-type"))) {
      return Way.Ingress;
    }
    String name = className(ingress);
    boolean cloud =
        CLASSES.contains(name == null ? "" : name)
            || ((name == null || !PROXY.matcher(name).matches())
                && annotations.keySet().stream().anyMatch(k -> ANNOTATION.matcher(k).matches()));
    return cloud ? Way.LoadBalancer : Way.Ingress;
  }

  /**
   * What the annotations of a Service say.
   *
   * @return null: nothing, its type counts
   */
  static @Nullable Way way(@Nullable Map<String, String> annotations) {
    Map<String, String> known = orEmpty(annotations);
    if ("ip".equals(known.get("service.beta.kubernetes.io/aws-load-balancer-nlb-target-type"))
        || "nlb-ip".equals(known.get("service.beta.kubernetes.io/aws-load-balancer-type"))) {
      return Way.TargetGroup;
    }
    boolean group =
        known.containsKey("cloud.google.com/neg-status")
            || EXPOSED_PORTS.matcher(known.getOrDefault("cloud.google.com/neg", "")).find();
    return group ? Way.LoadBalancer : null;
  }

  /**
   * Whether an Ingress of GKE has the Service's pods as targets. GKE annotates Services so by
   * itself, so this alone shows no load balancer.
   */
  static boolean hasGroupForIngress(@Nullable Map<String, String> annotations) {
    return FOR_INGRESS
        .matcher(orEmpty(annotations).getOrDefault("cloud.google.com/neg", ""))
        .find();
  }

  private static @Nullable String className(Ingress ingress) {
    return Stream.of(
            ingress.getSpec() == null ? null : ingress.getSpec().getIngressClassName(),
            orEmpty(ingress.getMetadata().getAnnotations()).get("kubernetes.io/ingress.class"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> annotations) {
    return annotations == null ? Map.of() : annotations;
  }
}
