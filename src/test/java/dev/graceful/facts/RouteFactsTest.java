package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.Exposure.Way;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where custom resources lead, by the manifests of their documentation. */
class RouteFactsTest {

  @SuppressWarnings("UnusedVariable") // the source of a test
  private static final Iterable<RouteKind> KINDS = RouteKind.ALL;

  /** Report r11: no kind of route may be the one that is overlooked. */
  @ParameterizedTest(name = "{0} leads to {2} (r11)")
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTPRoute | {rules: [{backendRefs: [{name: web, port: 80}, {name: api}]}]} | web api",
        "GRPCRoute | {rules: [{backendRefs: [{name: web, group: '', kind: Service}]}]} | web",
        "TLSRoute | {rules: [{backendRefs: [{name: web, port: 443}]}]} | web",
        "TCPRoute | {rules: [{backendRefs: [{name: web}]}, {backendRefs: [{name: api}]}]} | web"
            + " api",
        "UDPRoute | {rules: [{backendRefs: [{name: web}]}]} | web",
        "Route | {to: {kind: Service, name: web}, alternateBackends: [{kind: Service, name: api}]}"
            + " | web api",
        "IngressRoute | {routes: [{match: Host(`a`), services: [{name: web, port: 80}]}]} | web",
        "IngressRouteTCP | {routes: [{services: [{name: web}, {name: api, namespace: shop}]}]} |"
            + " web api",
        "IngressRouteUDP | {routes: [{services: [{name: web}]}]} | web",
        "TraefikService | {weighted: {services: [{name: web}, {name: w, kind: TraefikService}]}} |"
            + " web",
        "TraefikService | {mirroring: {name: web, mirrors: [{name: other}]}} | web",
        "VirtualService | {http: [{route: [{destination: {host: web}}]}], tcp: [{route:"
            + " [{destination: {host: db}}]}]} | web db",
        "VirtualService | {tls: [{route: [{destination: {host: web.shop.svc.cluster.local}}]}]} |"
            + " web",
        "HTTPProxy | {routes: [{services: [{name: web, port: 80}]}], tcpproxy: {services: [{name:"
            + " api}]}} | web api",
        "TargetGroupBinding | {serviceRef: {name: web, port: 80}, targetType: ip, targetGroupARN:"
            + " 'arn:example'} | web",
        "TargetGroupBinding | {serviceRef: {name: web, port: 80}, targetGroupARN: 'arn:example'} |"
            + " web",
      })
  void aRouteLeadsToItsBackends(String kind, String spec, String services) {
    RouteFacts facts = route(kind, spec);

    assertThat(facts.name()).isEqualTo(kind + " shop");
    assertThat(facts.services()).isEqualTo(Set.of(services.split(" ", -1)));
  }

  @ParameterizedTest(name = "{0} {1} leads nowhere")
  @CsvSource(
      delimiter = '|',
      value = {
        // What another namespace says of a Service has no effect there.
        "HTTPRoute | {rules: [{backendRefs: [{name: web, namespace: other}]}]}",
        "IngressRoute | {routes: [{services: [{name: web, namespace: other}]}]}",
        "VirtualService | {http: [{route: [{destination: {host: web.other.svc.cluster.local}}]}]}",
        "VirtualService | {http: [{route: [{destination: {host: web.shop.example}}]}]}",
        // No Service.
        "HTTPRoute | {rules: [{backendRefs: [{name: web, kind: Bucket, group: storage.example}]}]}",
        "IngressRoute | {routes: [{services: [{name: w, kind: TraefikService}]}]}",
        "VirtualService | {http: [{redirect: {uri: /}}]}",
        // Its targets are nodes.
        "TargetGroupBinding | {serviceRef: {name: web, port: 80}, targetType: instance}",
      })
  void whatIsNoServiceOfTheNamespaceDoesNotCount(String kind, String spec) {
    assertThat(route(kind, spec).services()).isEmpty();
  }

  /** Report r11. */
  @Test
  void aBindingThatAControllerMakesForAnIngressSaysNothingMoreR11() {
    GenericKubernetesResource binding = object("{serviceRef: {name: web}}");
    RouteKind kind = kind("TargetGroupBinding");
    assertThat(RouteFacts.from(kind, binding).way()).isEqualTo(Way.TargetGroup);
    assertThat(RouteFacts.from(kind, binding).services()).containsExactly("web");

    binding.getMetadata().getLabels().put("ingress.k8s.aws/stack-name", "web");

    assertThat(RouteFacts.from(kind, binding).services()).isEmpty();
  }

  @ParameterizedTest(name = "drainingTimeoutSec: {0}")
  @CsvSource(
      nullValues = "null",
      value = {"60, 60", "0, 0", "-1, null", "soon, null", "[], null", "99999999999, null"})
  void aPolicyOfABackendDeclaresItsDrain(String value, @Nullable Integer seconds) {
    RouteFacts facts =
        route(
            "GCPBackendPolicy",
            "{targetRef: {kind: Service, name: web}, default: {connectionDraining:"
                + " {drainingTimeoutSec: "
                + value
                + "}}}");

    assertThat(facts.delay())
        .isEqualTo(
            seconds == null
                ? null
                : new DeregistrationDelay(
                    seconds,
                    "spec.default.connectionDraining.drainingTimeoutSec of GCPBackendPolicy shop"));
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void oddContentLeadsNowhere(RouteKind kind) {
    for (String value :
        Arrays.asList(null, "[]", "{}", "7", "text", "[[[{}]]]", "[null, 1, x]", "{name: [web]}")) {
      assertThat(RouteFacts.from(kind, object(value)).services()).isEmpty();
      for (String path : kind.backends()) {
        String[] fields = path.split("\\.", -1);
        for (int depth = 1; depth < fields.length; depth++) {
          assertThat(RouteFacts.from(kind, object(nested(fields, depth, value))).services())
              .as("%s of %s", value, path)
              .isSubsetOf(Set.of("text", "x"));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Web", "web_1", "-web", "web-", "''", "web\u0000", "\"w\\nb\""})
  void whatIsNoNameLeadsNowhere(String name) {
    assertThat(route("Route", "{to: {name: " + name.replace("\u0000", "\u00a0") + "}}").services())
        .isEmpty();
  }

  @Test
  void aHugeListIsReadInPart() {
    String services =
        IntStream.range(0, 5_000)
            .mapToObj("{name: s%d}"::formatted)
            .collect(Collectors.joining(","));

    RouteFacts facts = route("HTTPProxy", "{routes: [{services: [" + services + "]}]}");

    assertThat(facts.services()).hasSize(1_000).contains("s0");
  }

  private static String nested(String[] fields, int depth, @Nullable String value) {
    var spec = new StringBuilder();
    for (int i = 1; i < depth; i++) {
      spec.append("{").append(fields[i]).append(": ");
    }
    return spec + "{" + fields[depth] + ": " + value + "}" + "}".repeat(depth - 1);
  }

  private static RouteFacts route(String kind, String spec) {
    return RouteFacts.from(kind(kind), object(spec));
  }

  private static RouteKind kind(String name) {
    return RouteKind.ALL.stream().filter(k -> k.kind().equals(name)).findFirst().orElseThrow();
  }

  private static GenericKubernetesResource object(@Nullable String spec) {
    return Serialization.unmarshal(
        """
        metadata: {name: shop, namespace: shop, labels: {app: web}}
        spec: %s
        """
            .formatted(spec),
        GenericKubernetesResource.class);
  }
}
