package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is sent to the API server: each part of a protection is applied under a name of its own. */
@EnableKubernetesMockClient
class ProtectionsTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final String PATH =
      "/apis/graceful.dev/v1alpha1/namespaces/shop/deploymentprotections/web";

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @Test
  void theJournalIsAppliedToTheStatus() throws Exception {
    // given
    taking(PATH + "/status?fieldManager=graceful-operator-journal&force=true");
    var journal = new Journal(5L, new Contest(List.of("2026-03-01T12:00:00Z"), 7L));

    // when
    ObjectMeta answer = new Protections(client).note(WEB, journal);

    // then
    assertThat(Objects.requireNonNull(answer).getUid()).isEqualTo("dp-1");
    assertThat(sent().path("status").toString())
        .isEqualTo(
            "{\"rolloutGeneration\":5,\"reverts\":[\"2026-03-01T12:00:00Z\"],"
                + "\"contestedGeneration\":7}");
  }

  /** What this name has applied before and applies no more goes. */
  @Test
  void anEmptyJournalTakesItsFieldsOut() throws Exception {
    // given
    taking(PATH + "/status?fieldManager=graceful-operator-journal&force=true");

    // when
    new Protections(client).note(WEB, Journal.EMPTY);

    // then
    JsonNode sent = sent();
    assertThat(sent.path("status").toString()).isEqualTo("{}");
    assertThat(sent.has("spec")).isFalse();
  }

  @Test
  void theRecordIsAppliedToTheSpec() throws Exception {
    // given
    taking(PATH + "?fieldManager=graceful-operator&force=true");

    // when
    new Protections(client)
        .record(
            WEB,
            new DeploymentProtectionSpec(
                new PolicyRef("gentle", "p-1"), Apply.OnRollout, true, null, null, null));

    // then
    JsonNode sent = sent();
    assertThat(sent.path("spec").toString())
        .isEqualTo("{\"apply\":\"OnRollout\",\"atAdmission\":true}");
    assertThat(sent.at("/metadata/labels").toString())
        .isEqualTo("{\"graceful.dev/at-admission\":\"true\"}");
  }

  @Test
  void theSelectionNamesThePolicyAlsoInALabel() throws Exception {
    // given
    taking(PATH + "?fieldManager=graceful-operator-selection&force=true");
    var policy = new GracefulPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("gentle").withUid("p-1").build());

    // when
    new Protections(client).govern(deployment(), policy);

    // then
    JsonNode sent = sent();
    assertThat(sent.at("/spec/policy/name").asText()).isEqualTo("gentle");
    assertThat(sent.at("/metadata/labels/graceful.dev~1policy").asText()).isEqualTo("gentle");
    assertThat(sent.at("/metadata/labels/graceful.dev~1deployment").asText()).isEqualTo("web");
  }

  private void taking(String path) {
    var written = new DeploymentProtection();
    written.setMetadata(new ObjectMetaBuilder().withName("web").withUid("dp-1").build());
    server.expect().patch().withPath(path).andReturn(200, written).once();
  }

  private JsonNode sent() throws Exception {
    return new ObjectMapper().readTree(server.takeRequest().getUtf8Body());
  }

  private static DeploymentFacts deployment() {
    return DeploymentFacts.from(
        new DeploymentBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("web")
            .withUid("d-1")
            .withResourceVersion("5")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build());
  }
}
