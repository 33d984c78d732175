package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.template.ShutdownGoal;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.Map;

/** Asks whether a new Deployment with a policy's values would be taken; makes none. */
public final class NewDeployments {

  private static final String NAME = "graceful-operator-dry-run";

  private final KubernetesClient client;

  /** Asks with this client. */
  public NewDeployments(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Whether the API server, and every admission policy behind it, accepts the dry run of a plain
   * Deployment that the policy selects. One that is refused for whatever reason may be refused for
   * our values, and then an owner's write would fail because of them.
   */
  public boolean wouldBeAccepted(GracefulPolicy policy) {
    try {
      client.resource(deployment(policy)).dryRun(true).create();
      return true;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        // Refused; or the name is taken.
        case 400, 403, 404, 409, 422 -> false;
        default -> throw e;
      };
    }
  }

  private static Deployment deployment(GracefulPolicy policy) {
    ShutdownGoal wish = ShutdownGoal.of(policy.getSpec());
    Map<String, String> matchLabels = policy.getSpec().selector().matchLabels();
    Map<String, String> labels = new HashMap<>(matchLabels == null ? Map.of() : matchLabels);
    labels.put("app.kubernetes.io/name", NAME);
    var container =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(policy.getMetadata().getNamespace())
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .withReplicas(0)
            .withNewSelector()
            .withMatchLabels(labels)
            .endSelector()
            .withNewTemplate()
            .withNewMetadata()
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds((long) wish.graceSeconds())
            .addNewContainer()
            .withName("app")
            .withImage(NAME);
    if (wish.sleepSeconds() > 0) {
      container
          .withNewLifecycle()
          .withNewPreStop()
          .withNewSleep((long) wish.sleepSeconds())
          .endPreStop()
          .endLifecycle();
    }
    return container.endContainer().endSpec().endTemplate().endSpec().build();
  }
}
