package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class TemplateDigestTest {

  private static final String TEMPLATE =
      """
      metadata: {namespace: shop, name: web, uid: u-1}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: 'shop/app:41'}], terminationGracePeriodSeconds: 30}
      """;

  @Test
  void aDeploymentAndItsReplicaSetHaveTheSame() {
    assertThat(replicaSet(TEMPLATE.replace("app: web", "app: web, pod-template-hash: 5d89b")))
        .isEqualTo(deployment(TEMPLATE));
  }

  @Test
  void anyOtherDifferenceShows() {
    for (String other :
        new String[] {
          TEMPLATE.replace("app:41", "app:42"),
          TEMPLATE.replace("Seconds: 30", "Seconds: 36"),
          TEMPLATE.replace("app: web", "app: web, tier: web"),
          TEMPLATE.replace("labels: {app: web}", "labels: {app: web}, annotations: {a: b}"),
        }) {
      assertThat(replicaSet(other)).as(other).isNotEqualTo(deployment(TEMPLATE));
    }
  }

  @Test
  void whatIsNotInTheTemplateDoesNot() {
    assertThat(
            deployment(TEMPLATE.replace("spec:\n  template", "spec:\n  replicas: 3\n  template")))
        .isEqualTo(deployment(TEMPLATE));
  }

  private static String deployment(String yaml) {
    return DeploymentFacts.from(Serialization.unmarshal(yaml, Deployment.class)).template();
  }

  private static String replicaSet(String yaml) {
    return RevisionFacts.from(Serialization.unmarshal(yaml, ReplicaSet.class)).template();
  }
}
