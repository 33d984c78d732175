package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster bears one release: as much of an API server as Helm needs to look for another. */
class ChartOnlyReleaseTest {

  private static final String POLICIES =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

  private static final Map<String, String> DISCOVERY =
      Map.of(
          "/version",
          "major: '1'\nminor: '36'\ngitVersion: v1.36.0\n",
          "/api",
          "kind: APIVersions\nversions: []\n",
          "/apis",
          """
          kind: APIGroupList
          apiVersion: v1
          groups:
          - name: admissionregistration.k8s.io
            versions: [{groupVersion: admissionregistration.k8s.io/v1, version: v1}]
            preferredVersion: {groupVersion: admissionregistration.k8s.io/v1, version: v1}
          """,
          "/apis/admissionregistration.k8s.io/v1",
          """
          kind: APIResourceList
          apiVersion: v1
          groupVersion: admissionregistration.k8s.io/v1
          resources:
          - name: validatingadmissionpolicies
            singularName: validatingadmissionpolicy
            namespaced: false
            kind: ValidatingAdmissionPolicy
            verbs: [get, list]
          """);

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  ChartOnlyReleaseTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serves() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stops() {
    server.stop(0);
  }

  @Test
  void aSecondReleaseIsRefusedAndToldOfTheFirst() {
    for (Helm.Answer answer : List.of(render("other", "there"), render("first", "elsewhere"))) {
      assertThat(answer.code()).isNotZero();
      assertThat(answer.errors())
          .contains(
              "the release first in the namespace there has this chart already, and a cluster bears"
                  + " one: upgrade that release, or remove it first with 'helm uninstall first"
                  + " --namespace there'");
    }
  }

  /** This server has no kinds to install; what counts is that Helm has rendered the chart. */
  @Test
  void theSameReleaseIsUpgraded() {
    Helm.Answer answer = render("first", "there");

    assertThat(asked).contains(POLICIES);
    assertThat(answer.errors()).doesNotContain("has this chart already");
  }

  private Helm.Answer render(String release, String namespace) {
    return Helm.runWithImage(
        "template",
        release,
        Helm.CHART.toString(),
        "--namespace",
        namespace,
        "--dry-run=server",
        "--kube-apiserver",
        "http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    String yaml = path.equals(POLICIES) ? policies() : DISCOVERY.get(path);
    byte[] body =
        yaml == null
            ? new byte[0]
            : Manifest.YAML
                .asJson(Manifest.YAML.unmarshal(yaml, ObjectNode.class))
                .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(yaml == null ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Those that somebody else made, and those of the first release, as Helm marks them. */
  private static String policies() {
    return """
        kind: ValidatingAdmissionPolicyList
        apiVersion: admissionregistration.k8s.io/v1
        metadata: {resourceVersion: "1"}
        items:
        - kind: ValidatingAdmissionPolicy
          apiVersion: admissionregistration.k8s.io/v1
          metadata: {name: of-nobody-records}
        - kind: ValidatingAdmissionPolicy
          apiVersion: admissionregistration.k8s.io/v1
          metadata:
            name: music-records
            labels: {helm.sh/chart: music-1.0.0}
            annotations:
              meta.helm.sh/release-name: music
              meta.helm.sh/release-namespace: music
        - kind: ValidatingAdmissionPolicy
          apiVersion: admissionregistration.k8s.io/v1
          metadata:
            name: first-graceful-operator-records
            labels: {helm.sh/chart: graceful-operator-0.1.0}
            annotations:
              meta.helm.sh/release-name: first
              meta.helm.sh/release-namespace: there
        """;
  }
}
