package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    assertThat(facts.services())
        .containsExactlyInAnyOrder(new Backend("shop", "web"), new Backend("shop", "other"));
  }

  @Test
  void aRouteLeadsToServicesOfAnyNamespace() {
    RouteFacts facts =
        route(
            """
            rules:
              - backendRefs:
                  - {name: web, port: 80}
                  - {kind: Service, group: "", name: api, namespace: back}
                  - {kind: Bucket, group: storage.example, name: pictures}
              - filters: []
            """);

    assertThat(facts.name()).isEqualTo("HTTPRoute shop");
    assertThat(facts.services())
        .containsExactlyInAnyOrder(new Backend("shop", "web"), new Backend("back", "api"));
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

  @Test
  void whatMakesNoDifferenceWakesNobody() {
    assertThat(exposures.backend(service("web", "{type: ClusterIP}"))).isTrue();
    assertThat(exposures.backend(service("web", "{type: ClusterIP, clusterIP: 10.0.0.9}")))
        .isFalse();
    assertThat(exposures.route(ingress("defaultBackend: {service: {name: web}}")))
        .containsExactly("shop");
    assertThat(exposures.route(ingress("defaultBackend: {service: {name: web}}"))).isEmpty();
  }

  @Test
  void aRouteThatIsBentLeadsElsewhere() {
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));

    Set<String> touched = exposures.route(ingress("defaultBackend: {service: {name: other}}"));

    assertThat(touched).containsExactly("shop");
    assertThat(ways("web")).isEmpty();
    assertThat(ways("other")).containsOnlyKeys(Way.Ingress);
  }

  @Test
  void anIngressAndARouteOfOneNameAreTwo() {
    exposures.route(ingress("defaultBackend: {service: {name: web}}"));
    exposures.route(route("rules: [{backendRefs: [{name: web}]}]"));

    assertThat(exposures.routeGone(ingress("{}"))).containsExactly("shop");
    assertThat(ways("web")).containsOnlyKeys(Way.Gateway);
  }

  @Test
  void whatIsGoneLeadsNowhere() {
    exposures.backend(service("web", "{type: ClusterIP}"));
    exposures.backendGone(new Backend("shop", "web"));
    assertThat(exposures.routeGone(ingress("{}"))).isEmpty();

    assertThat(ways("web")).isEmpty();
  }

  private Map<Way, String> ways(String... services) {
    return exposures.of("shop", List.of(services)).ways();
  }

  private static BackendFacts service(String name, String spec) {
    return BackendFacts.from(
        Serialization.unmarshal(
            "kind: Service\napiVersion: v1\nmetadata: {name: %s, namespace: shop}\nspec: %s"
                .formatted(name, spec),
            Service.class));
  }

  private static RouteFacts ingress(String spec) {
    return RouteFacts.from(
        Serialization.unmarshal(object("Ingress", "networking.k8s.io/v1", spec), Ingress.class));
  }

  private static RouteFacts route(String spec) {
    return RouteFacts.fromHttpRoute(
        Serialization.unmarshal(
            object("HTTPRoute", "gateway.networking.k8s.io/v1", spec),
            GenericKubernetesResource.class));
  }

  private static String object(String kind, String apiVersion, String spec) {
    return """
        kind: %s
        apiVersion: %s
        metadata: {name: shop, namespace: shop}
        spec:
        %s
        """
        .formatted(kind, apiVersion, spec.indent(2));
  }
}
