package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.graceful.facts.Entrance;
import dev.graceful.facts.Exposure.Way;
import dev.graceful.facts.Exposures;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which routes are watched, on an API server that only stores and serves what a test says. */
@EnableKubernetesMockClient(crud = true)
class ExposureWatchTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  private final Exposures exposures = new Exposures();
  private final Watches watches = new Watches();
  private final List<String> woken = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @AfterEach
  void stops() {
    watches.close();
  }

  /** Report r11: no Ingress, no type LoadBalancer, but a load balancer all the same. */
  @Test
  void aTargetGroupBindingIsSeenWhereItIsServedR11() {
    serves("elbv2.k8s.aws/v1beta1", "TargetGroupBinding");
    open();

    var binding =
        create(
            """
            apiVersion: elbv2.k8s.aws/v1beta1
            kind: TargetGroupBinding
            metadata: {name: web, namespace: shop}
            spec: {serviceRef: {name: web, port: 80}, targetType: ip, targetGroupARN: "arn:example"}
            """);
    await().untilAsserted(() -> assertThat(woken).containsExactly("shop"));
    assertThat(web()).contains(new Entrance(Way.TargetGroup, "TargetGroupBinding web"));

    client.resource(binding).delete();
    await().untilAsserted(() -> assertThat(woken).containsExactly("shop", "shop"));
    assertThat(web()).isEmpty();
  }

  @Test
  void theFirstVersionThatIsServedIsWatched() {
    serves("networking.istio.io/v1beta1", "VirtualService");
    serves("networking.istio.io/v1alpha3", "VirtualService");
    open();

    create(
        """
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata: {name: shop, namespace: shop}
        spec: {hosts: [shop.example], http: [{route: [{destination: {host: web}}]}]}
        """);

    await().untilAsserted(() -> assertThat(woken).containsExactly("shop"));
    assertThat(web()).containsExactly(new Entrance(Way.Route, "VirtualService shop"));
  }

  @Test
  void aRouteToAnotherNamespaceWakesNobodyThere() {
    serves("gateway.networking.k8s.io/v1", "HTTPRoute", "GRPCRoute");
    open();

    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: stranger, namespace: elsewhere}
        spec: {rules: [{backendRefs: [{name: web, namespace: shop}]}]}
        """);
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GRPCRoute
        metadata: {name: own, namespace: elsewhere}
        spec: {rules: [{backendRefs: [{name: web}]}]}
        """);

    await().untilAsserted(() -> assertThat(woken).containsExactly("elsewhere"));
    assertThat(web()).isEmpty();
  }

  @Test
  void whatIsNotServedCostsNothingButTheQuestion() throws InterruptedException {
    open();

    assertThat(server.getRequestCount()).isPositive();
    for (int left = server.getRequestCount(); left > 0; left--) {
      assertThat(server.takeRequest().getPath())
          .satisfiesAnyOf(
              path -> assertThat(path).matches("/apis/[a-z0-9.]+/v[a-z0-9]+"),
              path -> assertThat(path).contains("/services", "/api/v1"),
              path -> assertThat(path).contains("/ingresses", "/apis/networking.k8s.io"));
    }
  }

  @Test
  void whatMayNotBeReadIsLeftOut() {
    serves("traefik.io/v1alpha1", "IngressRoute");
    serves("projectcontour.io/v1", "HTTPProxy");
    server
        .expect()
        .get()
        .withPath("/apis/traefik.io/v1alpha1/ingressroutes?limit=1")
        .andReturn(403, "{\"kind\": \"Status\", \"code\": 403}")
        .always();
    server.expect().get().withPath("/apis/route.openshift.io/v1").andReturn(403, "").always();

    assertThatCode(this::open).doesNotThrowAnyException();

    create(
        """
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata: {name: shop, namespace: shop}
        spec: {routes: [{services: [{name: web, port: 80}]}]}
        """);
    await().untilAsserted(() -> assertThat(woken).containsExactly("shop"));
  }

  private void open() {
    new ExposureWatch(client, watches, exposures, event -> {}, woken::add).open();
  }

  private List<Entrance> web() {
    return exposures.of("shop", List.of("web")).entrances();
  }

  private GenericKubernetesResource create(String yaml) {
    return client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class)).create();
  }

  private void serves(String groupVersion, String... kinds) {
    List<APIResource> resources =
        Arrays.stream(kinds)
            .map(kind -> new APIResourceBuilder().withKind(kind).withNamespaced(true).build())
            .toList();
    server
        .expect()
        .get()
        .withPath("/apis/" + groupVersion)
        .andReturn(
            200,
            new APIResourceListBuilder()
                .withGroupVersion(groupVersion)
                .withResources(resources)
                .build())
        .always();
  }
}
