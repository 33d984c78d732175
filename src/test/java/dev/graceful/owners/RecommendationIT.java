package dev.graceful.owners;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a Deployment is recommended follows how it is exposed. */
@Tag("control-planes")
final class RecommendationIT {

  private static final ControlPlane PLANE = ControlPlane.connect("1.36");
  private static final String NAMESPACE = "recommendation";

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  @Test
  void anIngressRaisesThePropagationAndItsEndLowersIt() {
    OperatorProcess.install(PLANE);
    try (Fleet fleet = Fleet.launch(PLANE, NAMESPACE, 2);
        OperatorProcess _ = OperatorProcess.start(PLANE)) {
      fleet.govern("Never");
      Duration soon = Duration.ofMinutes(5);
      fleet.need(soon, "it is within the cluster", () -> seconds("app-000") == 5);

      PLANE.create(
          NAMESPACE,
          """
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: {name: web}
          spec: {defaultBackend: {service: {name: app-000, port: {name: http}}}}
          """);
      fleet.need(soon, "it is behind an Ingress", () -> seconds("app-000") == 10);
      fleet.need(soon, "the other is not", () -> seconds("app-001") == 5);

      PLANE.client().network().v1().ingresses().inNamespace(NAMESPACE).withName("web").delete();
      fleet.need(soon, "it is within the cluster again", () -> seconds("app-000") == 5);
    }
  }

  /** Zero: nothing is recommended. */
  private static int seconds(String deployment) {
    GenericKubernetesResource protection =
        PLANE
            .client()
            .genericKubernetesResources("graceful.dev/v1alpha1", "DeploymentProtection")
            .inNamespace(NAMESPACE)
            .withName(deployment)
            .get();
    if (protection == null) {
      return 0;
    }
    Map<String, Object> recommendation = protection.get("status", "recommendation");
    return recommendation == null
        ? 0
        : (int) Objects.requireNonNull(recommendation.get("propagationSeconds"));
  }
}
