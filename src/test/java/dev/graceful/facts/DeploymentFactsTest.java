package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeploymentFactsTest {

  private static final String SETTLED =
      """
      metadata:
        namespace: shop
        name: web
        uid: d-1
        resourceVersion: "7"
        generation: 2
        labels: {tier: web}
      spec:
        replicas: 3
        template: {spec: {containers: [{name: app}], terminationGracePeriodSeconds: 30}}
      status: {observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3}
      """;

  @Test
  void aDeploymentThatSaysNothing() {
    // given
    Deployment deployment =
        read("metadata: {namespace: shop, name: web}\nspec: {template: {spec: {}}}");

    // when
    DeploymentFacts facts = DeploymentFacts.from(deployment);

    // then
    assertThat(facts.ref()).isEqualTo(new WorkloadRef("shop", "web"));
    assertThat(facts.labels()).isEmpty();
    assertThat(facts.containers()).isEmpty();
    assertThat(facts.graceSeconds()).isEqualTo(30);
    assertThat(facts.graceDeclared()).isFalse();
    assertThat(facts.heldByUs()).isFalse();
    assertThat(facts.deleting()).isFalse();
    assertThat(facts.paused()).isFalse();
    assertThat(facts.replacement()).isEqualTo(Replacement.ROLLING);
    assertThat(facts.controller()).isNull();
    assertThat(facts.scaledToZero()).isFalse();
    assertThat(facts.settled()).isFalse();
  }

  @Test
  void oneThatIsSettled() {
    // when
    DeploymentFacts facts = DeploymentFacts.from(read(SETTLED));

    // then
    assertThat(facts.settled()).isTrue();
    assertThat(facts.labels()).isEqualTo(Map.of("tier", "web"));
    assertThat(facts.resourceVersion()).isEqualTo("7");
  }

  @Test
  void whatHindersARolloutIsSaidInTheClustersWords() {
    // given
    String progressing =
        "{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: too late}";
    String failing =
        "{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: exceeded quota}";
    String fine = "{type: Available, status: 'True', message: has minimum availability}";

    // when, then
    assertThat(stuck(progressing, fine)).isEqualTo("too late");
    assertThat(stuck(fine, failing)).isEqualTo("exceeded quota");
    assertThat(stuck(failing, progressing)).isEqualTo("too late exceeded quota");
    assertThat(stuck(fine)).isNull();
  }

  private static @Nullable String stuck(String... conditions) {
    return DeploymentFacts.from(
            read(
                SETTLED.replace(
                    "availableReplicas: 3}",
                    "conditions: [" + String.join(", ", conditions) + "]}")))
        .stuck();
  }

  /** Report r20: what a new pod of a Deployment without a surge waits for. */
  @Test
  void whatOnePodHoldsAndTheNextOneNeedsR20() {
    String port = "containers: [{name: app, ports: [{containerPort: 80, hostPort: 8080}]}]";
    String noHostPort = "containers: [{name: app, ports: [{containerPort: 80, hostPort: 0}]}]";
    String node = "hostNetwork: true, containers: [{name: app, ports: [{containerPort: 80}]}]";
    String claim = "containers: [], volumes: [{persistentVolumeClaim: {claimName: data}}]";
    String own = "containers: [], volumes: [{ephemeral: {volumeClaimTemplate: {}}}]";

    assertThat(replacement("0", port))
        .isEqualTo(new Replacement(false, false, "host port 8080", Set.of(80)));
    assertThat(replacement("'0%'", node))
        .isEqualTo(new Replacement(false, false, "host port 80", Set.of(80)));
    assertThat(replacement("25%", claim))
        .isEqualTo(
            new Replacement(false, true, "the volume of PersistentVolumeClaim data", Set.of()));
    assertThat(replacement("1", noHostPort)).isEqualTo(Replacement.ROLLING);
    assertThat(replacement("'10%'", own)).isEqualTo(Replacement.ROLLING);
  }

  private static Replacement replacement(String maxSurge, String pod) {
    return DeploymentFacts.from(
            read(
                """
                metadata: {namespace: shop, name: web}
                spec:
                  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: %s}}
                  template: {spec: {%s}}
                """
                    .formatted(maxSurge, pod)))
        .replacement();
  }

  /** Report r23: Knative's Revisions own their Deployments. */
  @Test
  void onlyAControllingOwnerWritesADeploymentR23() {
    String owners =
        "metadata: {namespace: shop, name: web, ownerReferences: [%s]}\nspec: {template: {spec: {}}}";
    String revision = "{kind: Revision, name: web-1, uid: r-1, controller: true}";
    String other = "{kind: App, name: web, uid: a-1}";

    assertThat(DeploymentFacts.from(read(owners.formatted(other + "," + revision))).controller())
        .isEqualTo("Revision web-1");
    assertThat(DeploymentFacts.from(read(owners.formatted(other))).controller()).isNull();
  }

  @Test
  void theDefaultIsOneReplica() {
    // when
    DeploymentFacts facts =
        DeploymentFacts.from(
            read(
                SETTLED
                    .replace("  replicas: 3\n", "")
                    .replace("replicas: 3", "replicas: 1")
                    .replace("updatedReplicas: 3", "updatedReplicas: 1")
                    .replace("availableReplicas: 3", "availableReplicas: 1")));

    // then
    assertThat(facts.settled()).isTrue();
  }

  @Test
  void anythingLessIsNotSettled() {
    for (String unsettled :
        new String[] {
          SETTLED.replace("observedGeneration: 2", "observedGeneration: 1"),
          SETTLED.replace("observedGeneration: 2, ", ""),
          SETTLED.replace("updatedReplicas: 3", "updatedReplicas: 2"),
          SETTLED.replace("availableReplicas: 3", "availableReplicas: 2"),
          SETTLED.replace("availableReplicas: 3", "unavailableReplicas: 3"),
          SETTLED.replace(", replicas: 3", ", replicas: 4"),
          SETTLED.substring(0, SETTLED.indexOf("status:")),
        }) {
      // when
      DeploymentFacts facts = DeploymentFacts.from(read(unsettled));

      // then
      assertThat(facts.settled()).as(unsettled).isFalse();
    }
  }

  @Test
  void aGracePeriodThatAnUpdateOwnsIsDeclaredUnlessItIsTheDefault() {
    // given
    String owned =
        "{\"f:spec\": {\"f:template\": {\"f:spec\": {\"f:terminationGracePeriodSeconds\": {}}}}}";
    Deployment defaulted = managed("my-tool", "Update", owned);
    Deployment longer = managed("my-tool", "Update", owned);
    longer.getSpec().getTemplate().getSpec().setTerminationGracePeriodSeconds(0L);
    Deployment undone = managed("kubectl", "Update", owned);
    undone.getSpec().getTemplate().getSpec().setTerminationGracePeriodSeconds(36L);

    // then
    assertThat(DeploymentFacts.from(defaulted).graceDeclared()).isFalse();
    assertThat(DeploymentFacts.from(longer).graceDeclared()).isTrue();
    assertThat(DeploymentFacts.from(undone).graceDeclared()).as("by an undo").isFalse();
  }

  @Test
  void anApplyManagerThatOwnsSomethingElseDeclaresNothing() {
    for (String fields :
        new String[] {
          "{}",
          "{\"f:spec\": {}}",
          "{\"f:spec\": {\"f:template\": {\"f:spec\": {\"f:containers\": {}}}}}",
          "{\"f:spec\": {\"f:template\": {\"f:metadata\":"
              + " {\"f:terminationGracePeriodSeconds\": {}}}}}",
        }) {
      // when
      DeploymentFacts facts = DeploymentFacts.from(managed("argocd", "Apply", fields));

      // then
      assertThat(facts.graceDeclared()).as(fields).isFalse();
    }
  }

  @Test
  void anApplyManagerThatOwnsTheGracePeriodDeclaresIt() {
    // given
    String fields =
        "{\"f:spec\": {\"f:template\": {\"f:spec\": {\"f:terminationGracePeriodSeconds\": {}}}}}";

    // when, then
    assertThat(DeploymentFacts.from(managed("argocd", "Apply", fields)).graceDeclared()).isTrue();
    assertThat(DeploymentFacts.from(managed("argocd", "Update", fields)).graceDeclared()).isFalse();
  }

  @Test
  void itTellsWhetherWeStillHoldIt() {
    assertThat(DeploymentFacts.from(managed("graceful-operator", "Update", "{}")).heldByUs())
        .isTrue();
    assertThat(DeploymentFacts.from(managed("helm", "Update", "{}")).heldByUs()).isFalse();
  }

  /** What is kept of each Deployment of the cluster has a limit, and the API sets none. */
  @Test
  void aProbesPathOfAMegabyteIsNotKept() {
    // given
    Deployment deployment = read(SETTLED);
    deployment
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .setReadinessProbe(
            new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/" + "x".repeat(1_000_000))
                .withPort(new IntOrString(8080))
                .endHttpGet()
                .build());

    // when
    TemplateContainer container = DeploymentFacts.from(deployment).containers().getFirst();

    // then
    assertThat(container.facts().hasReadinessProbe()).isTrue();
    assertThat(container.facts().httpReadiness()).isNull();
    assertThat(container.readinessProbe()).isNotNull();
    assertThat(container.readinessProbe().httpGet()).isNull();
  }

  @Test
  void aNewResourceVersionAloneIsNoChange() {
    // given
    DeploymentFacts before = DeploymentFacts.from(read(SETTLED));

    // when
    DeploymentFacts newer = DeploymentFacts.from(read(SETTLED.replace("\"7\"", "\"8\"")));
    DeploymentFacts relabelled =
        DeploymentFacts.from(read(SETTLED.replace("tier: web", "tier: db")));

    // then
    assertThat(newer).isNotEqualTo(before);
    assertThat(newer.sameAs(before)).isTrue();
    assertThat(relabelled.sameAs(before)).isFalse();
  }

  private static Deployment managed(String manager, String operation, String fields) {
    return read(
        SETTLED.replace(
            "  generation: 2\n",
            """
              generation: 2
              managedFields:
                - {manager: %s, operation: %s, fieldsType: FieldsV1, fieldsV1: %s}
            """
                .formatted(manager, operation, fields)));
  }

  private static Deployment read(String yaml) {
    return Serialization.unmarshal(yaml, Deployment.class);
  }
}
