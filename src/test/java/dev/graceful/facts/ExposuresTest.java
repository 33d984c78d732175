package dev.graceful.facts;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExposuresTest {

  private final Exposures exposures = new Exposures();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "{clusterIP: 10.0.0.1}                                                  | ClusterIp",
        "{type: ClusterIP, clusterIP: 10.0.0.1}                                 | ClusterIp",
        "{type: ClusterIP, clusterIP: None}                                     | Headless",
        "{type: NodePort, clusterIP: 10.0.0.1}                                  | NodePort",
        "{type: NodePort, clusterIP: 10.0.0.1, externalTrafficPolicy: Cluster}  | NodePort",
        "{type: NodePort, clusterIP: 10.0.0.1, externalTrafficPolicy: Local}    | NodePortLocal",
        "{type: LoadBalancer, externalTrafficPolicy: Local}                     | LoadBalancer",
        "{type: ExternalName, externalName: a.example}                          | null",
      })
  void aServiceIsReachedByItsType(String spec, @Nullable Way way) {
    assertThat(service("web", spec).way()).isEqualTo(way);
  }

  @Test
  void aServiceThatPublishesUnreadyAddressesIsForDiscovery() {
    assertThat(service("peers", "{publishNotReadyAddresses: true}").discovery()).isTrue();
    assertThat(service("web", "{publishNotReadyAddresses: false}").discovery()).isFalse();
    assertThat(service("web", "{}").discovery()).isFalse();
  }

  @Test
  void anIngressLeadsToAllItsBackends() {
    RouteFacts facts =
        ingress(
            """
            defaultBackend: {service: {name: other}}
            rules:
              - host: a.example
              - http: {paths: [{backend: {service: {name: web}}}, {backend: {resource: {kind: X, name: x}}}]}
            """);

    assertThat(facts.name()).isEqualTo("Ingress shop");
    assertThat(facts.services()).containsExactlyInAnyOrder("web", "other");
  }

  @Test
  void anEmptyRouteLeadsNowhere() {
    assertThat(route("{}").services()).isEmpty();
    assertThat(ingress("{}").services()).isEmpty();
  }

  @Test
  void allWaysToTheServicesAreKnown() {
    exposures.backend(service("web", "{type: ClusterIP}"));
    exposures.backend(service("metrics", "{type: ClusterIP}"));
    exposures.backend(service("lb", "{type: LoadBalancer}"));
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));

    assertThat(ways("web", "metrics"))
        .containsOnly(entry(Way.ClusterIp, "Service metrics"), entry(Way.Ingress, "Ingress shop"));
    assertThat(ways()).isEmpty();
    assertThat(ways("unknown")).isEmpty();
  }

  /** Reports r11 and r33: by class, or by the annotations of a class that has another name. */
  @ParameterizedTest(name = "Ingress of class {0} with {1}: {2} (r33)")
  @CsvSource(
      delimiter = '|',
      value = {
        "alb | {} | LoadBalancer",
        "alb | {alb.ingress.kubernetes.io/target-type: ip} | LoadBalancer",
        "alb | {alb.ingress.kubernetes.io/target-type: instance} | Ingress",
        "internal-alb | {alb.ingress.kubernetes.io/scheme: internal} | LoadBalancer",
        "gce | {} | LoadBalancer",
        "azure-application-gateway | {} | LoadBalancer",
        "null | {kubernetes.io/ingress.class: azure/application-gateway} | LoadBalancer",
        "null | {kubernetes.io/ingress.class: gce-internal} | LoadBalancer",
        "null | {appgw.ingress.kubernetes.io/ssl-redirect: 'true'} | LoadBalancer",
        "nginx | {alb.ingress.kubernetes.io/scheme: internal} | Ingress",
        "nginx-public | {} | Ingress",
        "unheard-of | {} | Ingress",
        "null | {} | Ingress",
      })
  void anIngressShowsThatACloudServesItR33(String className, String annotations, Way way) {
    RouteFacts facts = ingress("{ingressClassName: " + className + "}", annotations);

    assertThat(facts.way()).isEqualTo(way);
  }

  /** Report r11: the load balancer has the pods as targets, whatever the type of the Service. */
  @ParameterizedTest(name = "{0} Service with {1}: {2} (r11)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ClusterIP | {cloud.google.com/neg: '{\"exposed_ports\": {\"80\": {}}}'} | LoadBalancer",
        "ClusterIP | {cloud.google.com/neg-status: '{}'} | LoadBalancer",
        "ClusterIP | {cloud.google.com/neg: '{\"ingress\": true}'} | ClusterIp",
        "ClusterIP | {cloud.google.com/neg: '{\"ingress'} | ClusterIp",
        "LoadBalancer | {%s-nlb-target-type: ip} | TargetGroup",
        "LoadBalancer | {%s-type: nlb-ip} | TargetGroup",
        "LoadBalancer | {%s-type: nlb} | LoadBalancer",
        "ClusterIP | {%s-type: nlb-ip} | ClusterIp",
      })
  void aServiceShowsThatALoadBalancerHasItsPodsR11(String type, String annotations, Way way) {
    String given = annotations.replace("%s", "service.beta.kubernetes.io/aws-load-balancer");

    assertThat(service("web", "{type: " + type + "}", given).way()).isEqualTo(way);
  }

  @Test
  void anIngressOfNoClassHasTheGroupOfItsService() {
    String group = "{cloud.google.com/neg: '{\"ingress\":true}'}";
    exposures.backend(service("web", "{type: ClusterIP}", group));
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));
    assertThat(ways("web")).containsOnlyKeys(Way.ClusterIp, Way.LoadBalancer);

    exposures.route(ingress("{ingressClassName: nginx, defaultBackend: {service: {name: web}}}"));
    assertThat(ways("web")).containsOnlyKeys(Way.ClusterIp, Way.Ingress);
  }

  /** Reports r11 and r33. */
  @ParameterizedTest(name = "{0}: {1} s (r33)")
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "{alb/target-group-attributes: deregistration_delay.timeout_seconds=60} | 60",
        "{alb/target-group-attributes: 'a=b, deregistration_delay.timeout_seconds=5,c=d'} | 5",
        "{alb/target-group-attributes: x.deregistration_delay.timeout_seconds=60} | null",
        "{alb/target-group-attributes: deregistration_delay.timeout_seconds=9999999999} | null",
        "{alb/target-group-attributes: deregistration_delay.timeout_seconds=-1} | null",
        "{alb/target-group-attributes: ''} | null",
        "{appgw/connection-draining: 'true', appgw/connection-draining-timeout: '45'} | 45",
        "{appgw/connection-draining-timeout: '45'} | null",
        "{appgw/connection-draining: 'true', appgw/connection-draining-timeout: soon} | null",
      })
  void aDelayIsDeclaredByAnnotationsR33(String annotations, @Nullable Integer seconds) {
    String given = annotations.replaceAll("(alb|appgw)/", "$1.ingress.kubernetes.io/");
    DeregistrationDelay delay = ingress("{ingressClassName: alb}", given).delay();

    assertThat(delay == null ? null : delay.seconds()).isEqualTo(seconds);
    if (delay != null) {
      assertThat(delay.source()).contains(".ingress.kubernetes.io/").endsWith(" of Ingress shop");
    }
  }

  @Test
  void theDelayOfAServiceComesBeforeThatOfItsIngress() {
    String attributes =
        "{alb.ingress.kubernetes.io/target-group-attributes:"
            + " deregistration_delay.timeout_seconds=%d}";
    exposures.route(
        ingress(
            "{ingressClassName: alb, defaultBackend: {service: {name: web}}}",
            attributes.formatted(60)));
    exposures.backend(service("web", "{type: ClusterIP}"));
    assertThat(delays()).containsExactly(60);

    assertThat(exposures.backend(service("web", "{type: ClusterIP}", attributes.formatted(90))))
        .isTrue();
    assertThat(delays()).containsExactly(90);
  }

  @Test
  void aClassicLoadBalancerDeclaresItsDrain() {
    String draining =
        "{service.beta.kubernetes.io/aws-load-balancer-connection-draining-enabled: 'true',"
            + " service.beta.kubernetes.io/aws-load-balancer-connection-draining-timeout: '70'}";

    exposures.backend(service("web", "{type: LoadBalancer}", draining));

    assertThat(delays()).containsExactly(70);
  }

  private List<Integer> delays() {
    return entrances("web").stream()
        .flatMap(e -> Stream.ofNullable(e.delay()))
        .map(DeregistrationDelay::seconds)
        .toList();
  }

  @Test
  void whatMakesNoDifferenceWakesNobody() {
    assertThat(exposures.backend(service("web", "{type: ClusterIP}"))).isTrue();
    assertThat(exposures.backend(service("web", "{type: ClusterIP, clusterIP: 10.0.0.9}")))
        .isFalse();
    assertThat(exposures.route(ingress("defaultBackend: {service: {name: web}}"))).isTrue();
    assertThat(exposures.route(ingress("defaultBackend: {service: {name: web}}"))).isFalse();
    assertThat(exposures.route(ingress("{}"))).isTrue();
    assertThat(exposures.route(ingress("{}"))).isFalse();
  }

  @Test
  void aRouteThatIsBentLeadsElsewhere() {
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));

    assertThat(exposures.route(ingress("defaultBackend: {service: {name: other}}"))).isTrue();

    assertThat(ways("web")).isEmpty();
    assertThat(ways("other")).containsOnlyKeys(Way.Ingress);
  }

  @Test
  void anIngressAndARouteOfOneNameAreTwo() {
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));
    exposures.route(route("rules: [{backendRefs: [{name: web}]}]"));

    assertThat(exposures.routeGone(ingress("{}"))).isTrue();
    assertThat(ways("web")).containsOnlyKeys(Way.Route);
  }

  @Test
  void whatIsGoneLeadsNowhere() {
    exposures.backend(service("web", "{type: ClusterIP}"));
    exposures.backendGone(new Backend("shop", "web"));
    assertThat(exposures.routeGone(ingress("{}"))).isFalse();

    assertThat(ways("web")).isEmpty();
  }

  private Map<Way, String> ways(String... services) {
    return entrances(services).stream().collect(toMap(Entrance::way, Entrance::name));
  }

  private List<Entrance> entrances(String... services) {
    return exposures.of("shop", List.of(services)).entrances();
  }

  private static BackendFacts service(String name, String spec) {
    return service(name, spec, "{}");
  }

  private static BackendFacts service(String name, String spec, String annotations) {
    return BackendFacts.from(
        Serialization.unmarshal(object("Service", "v1", name, annotations, spec), Service.class));
  }

  private static RouteFacts ingress(String spec) {
    return ingress(spec, "{}");
  }

  private static RouteFacts ingress(String spec, String annotations) {
    return RouteFacts.from(
        Serialization.unmarshal(
            object("Ingress", "networking.k8s.io/v1", "shop", annotations, spec), Ingress.class));
  }

  private static RouteFacts route(String spec) {
    return RouteFacts.from(
        RouteKind.ALL.getFirst(),
        Serialization.unmarshal(
            object("HTTPRoute", "gateway.networking.k8s.io/v1", "shop", "{}", spec),
            GenericKubernetesResource.class));
  }

  private static String object(
      String kind, String apiVersion, String name, String annotations, String spec) {
    return """
    kind: %s
    apiVersion: %s
    metadata: {name: %s, namespace: shop, annotations: %s}
    spec:
    %s
    """
        .formatted(kind, apiVersion, name, annotations, spec.indent(2));
  }
}
