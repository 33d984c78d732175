package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.DeploymentFacts;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events are only told of in the log when they are refused: a real API server has to take them. */
class EventPublisherIT {

  private static final String NAMESPACE = "events-" + UUID.randomUUID().toString().substring(0, 8);

  private final KubernetesClient client = new KubernetesClientBuilder().build();

  @BeforeEach
  void aNamespace() {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
  }

  @AfterEach
  void isGoneAfterwards() {
    client.namespaces().withName(NAMESPACE).delete();
    client.close();
  }

  @Test
  void aViolationIsAnEventOfTheDeployment() {
    // given
    Deployment web =
        client
            .resource(
                Serialization.unmarshal(
                    """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web, namespace: %s}
                    spec:
                      replicas: 0
                      selector: {matchLabels: {app: web}}
                      template:
                        metadata: {labels: {app: web}}
                        spec: {containers: [{name: app, image: app}]}
                    """
                        .formatted(NAMESPACE),
                    Deployment.class))
            .create();

    // when
    new EventPublisher(client, "test")
        .violated(
            DeploymentFacts.from(web), "StoppedServingEarly", "x".repeat(5_000), Instant.now());

    // then
    assertThat(client.events().v1().events().inNamespace(NAMESPACE).list().getItems())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getRegarding().getUid()).isEqualTo(web.getMetadata().getUid());
              assertThat(event.getReason()).isEqualTo("StoppedServingEarly");
              assertThat(event.getType()).isEqualTo("Warning");
            });
  }
}
