package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.cluster.Templates.Outcome;
import dev.graceful.cluster.Templates.Outdated;
import dev.graceful.cluster.Templates.Refused;
import dev.graceful.cluster.Templates.Written;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Change;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a real API server makes of the operator's writes, and what Deployments' owners can do
 * afterwards. Their tool is the real kubectl, as field ownership is decided by how it writes.
 */
class PatchingIT {

  /** Far longer than anything takes that comes to its end, on a slow machine as well. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Change SLEEP = change(36L, new PreStop.Sleep(6));
  private static final String NAMESPACE =
      "patching-" + UUID.randomUUID().toString().substring(0, 8);

  private static final KubernetesClient CLIENT = new KubernetesClientBuilder().build();

  private final PodTemplates templates = new PodTemplates(CLIENT);
  private int written;

  @BeforeAll
  static void aNamespace() {
    CLIENT
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
  }

  @AfterAll
  static void isGoneAfterwards() {
    CLIENT.namespaces().withName(NAMESPACE).delete();
    CLIENT.close();
  }

  // ---------------------------------------------------------------- one write

  @Test
  void sleepAndGracePeriodAreOneChangeOfTheTemplate() {
    // given
    WorkloadRef ref = created("in-one-write");
    Deployment before = read(ref);

    // when
    Outcome outcome = templates.write(DeploymentFacts.from(before), SLEEP);

    // then
    Deployment after = read(ref);
    assertThat(outcome).isEqualTo(new Written());
    assertThat(after.getMetadata().getGeneration())
        .isEqualTo(before.getMetadata().getGeneration() + 1);
    assertThat(facts(after).graceSeconds()).isEqualTo(36);
    assertThat(sleeps(after)).containsExactly(6, 0);
  }

  @Test
  void allElseStaysAsItWas() {
    // given
    WorkloadRef ref = created("untouched");
    Deployment before = read(ref);

    // when
    templates.write(DeploymentFacts.from(before), SLEEP);

    // then
    var expected = before.getSpec().getTemplate().getSpec();
    expected.setTerminationGracePeriodSeconds(36L);
    Container app = expected.getContainers().getFirst();
    app.setLifecycle(
        app.getLifecycle().edit().withNewPreStop().withNewSleep(6L).endPreStop().build());
    assertThat(read(ref).getSpec()).isEqualTo(before.getSpec());
  }

  @Test
  void theHookIsTakenOutAgain() {
    // given
    WorkloadRef ref = created("taken-out");
    write(ref, SLEEP);

    // when
    Outcome outcome = write(ref, change(30L, new PreStop.Gone()));

    // then
    Deployment after = read(ref);
    assertThat(outcome).isEqualTo(new Written());
    assertThat(facts(after).containers().getFirst().facts().hasPreStop()).isFalse();
    assertThat(facts(after).graceSeconds()).isEqualTo(30);
    assertThat(container(after, "app").getLifecycle().getPostStart()).isNotNull();
  }

  @Test
  void theGracePeriodAloneIsWrittenWhereTheOwnerSleeps() {
    // given
    WorkloadRef ref = created("grace-alone");

    // when
    Outcome outcome = write(ref, new Change(60L, List.of()));

    // then
    assertThat(outcome).isEqualTo(new Written());
    assertThat(facts(read(ref)).graceSeconds()).isEqualTo(60);
    assertThat(sleeps(read(ref))).containsExactly(0, 0);
  }

  // ---------------------------------------------------------------- letting go

  @Test
  void nothingOfOursStaysInManagedFields() {
    // given
    WorkloadRef ref = created("let-go");
    List<String> before = managers(read(ref));

    // when
    write(ref, SLEEP);

    // then
    Deployment after = read(ref);
    assertThat(facts(after).heldByUs()).isFalse();
    assertThat(managers(after)).containsAll(before).doesNotContain(DeploymentFacts.FIELD_MANAGER);
  }

  @Test
  void whatACrashLeftBehindIsLetGoOfLater() {
    // given
    WorkloadRef ref = serverSideApplied("crashed", "app");
    writeWithoutLettingGo(ref);
    boolean held = facts(read(ref)).heldByUs();
    Kubectl tooSoon = kubectl(declaringGrace("crashed"), "apply", "--server-side");

    // when
    templates.letGo(ref);

    // then
    Deployment after = read(ref);
    assertThat(held).isTrue();
    assertThat(tooSoon.exitCode()).as("as long as it is held").isNotZero();
    assertThat(tooSoon.output()).contains("conflict", DeploymentFacts.FIELD_MANAGER);
    assertThat(facts(after).heldByUs()).isFalse();
    assertThat(sleeps(after)).containsExactly(6, 0);
    assertThat(facts(after).graceSeconds()).isEqualTo(36);
    assertThat(kubectl(declaringGrace("crashed"), "apply", "--server-side").exitCode()).isZero();
  }

  @Test
  void lettingGoOfWhatIsNotHeldChangesNothing() {
    // given
    WorkloadRef ref = created("not-held");
    String before = read(ref).getMetadata().getResourceVersion();

    // when
    templates.letGo(ref);
    templates.letGo(new WorkloadRef(NAMESPACE, "no-such-deployment"));

    // then
    assertThat(read(ref).getMetadata().getResourceVersion()).isEqualTo(before);
  }

  // ---------------------------------------------------------------- what owners do next

  @Test
  void anOwnersNextApplyKeepsWhatWasWritten() {
    // given
    kubectl(manifest("client-side", "app"), "apply");
    WorkloadRef ref = settled("client-side");
    write(ref, SLEEP);

    // when
    Kubectl applied = kubectl(manifest("client-side", "app").replace("web:41", "web:42"), "apply");

    // then
    Deployment after = read(ref);
    assertThat(applied.exitCode()).as(applied.output()).isZero();
    assertThat(container(after, "app").getImage()).endsWith("web:42");
    assertThat(sleeps(after)).containsExactly(6, 0);
    assertThat(facts(after).graceSeconds()).isEqualTo(36);
  }

  @Test
  void anOwnersNextServerSideApplyHasNoConflictAndKeepsWhatWasWritten() {
    // given
    WorkloadRef ref = serverSideApplied("server-side", "app");
    write(ref, SLEEP);

    // when
    Kubectl applied =
        kubectl(
            manifest("server-side", "app").replace("web:41", "web:42"), "apply", "--server-side");

    // then
    Deployment after = read(ref);
    assertThat(applied.exitCode()).as(applied.output()).isZero();
    assertThat(container(after, "app").getImage()).endsWith("web:42");
    assertThat(sleeps(after)).containsExactly(6, 0);
    assertThat(facts(after).graceSeconds()).isEqualTo(36);
  }

  @Test
  void anOwnerMayDeclareTheGracePeriodAfterwards() {
    // given
    WorkloadRef ref = serverSideApplied("declares-later", "app");
    write(ref, SLEEP);

    // when
    Kubectl applied = kubectl(declaringGrace("declares-later"), "apply", "--server-side");

    // then
    assertThat(applied.exitCode()).as(applied.output()).isZero();
    assertThat(facts(read(ref)).graceSeconds()).isEqualTo(90);
    assertThat(facts(read(ref)).graceDeclared()).isTrue();
  }

  @Test
  void anOwnerMayRenameTheContainerAfterwards() {
    // given
    WorkloadRef ref = serverSideApplied("renamed", "app");
    write(ref, SLEEP);

    // when
    Kubectl applied = kubectl(manifest("renamed", "server"), "apply", "--server-side");

    // then
    assertThat(applied.exitCode()).as(applied.output()).isZero();
    assertThat(facts(read(ref)).containers())
        .extracting(TemplateContainer::name)
        .containsExactly("server", "log");
  }

  // ---------------------------------------------------------------- no

  @Test
  void aDecisionOnAnOlderStateIsNotWritten() {
    // given
    WorkloadRef ref = created("outdated");
    DeploymentFacts decidedOn = facts(read(ref));
    CLIENT
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName("outdated")
        .edit(d -> d.edit().editSpec().withMinReadySeconds(3).endSpec().build());

    // when
    Outcome outcome = templates.write(decidedOn, SLEEP);

    // then
    assertThat(outcome).isEqualTo(new Outdated());
    assertThat(sleeps(read(ref))).containsExactly(0, 0);
    assertThat(facts(read(ref)).graceSeconds()).isEqualTo(30);
  }

  @Test
  void aDeploymentThatIsGoneIsNotMadeAnew() {
    // given
    WorkloadRef ref = created("gone");
    DeploymentFacts decidedOn = facts(read(ref));
    CLIENT.apps().deployments().inNamespace(NAMESPACE).withName("gone").delete();
    await().atMost(PATIENCE).until(() -> !exists(ref));

    // when
    Outcome outcome = templates.write(decidedOn, SLEEP);

    // then
    assertThat(outcome).isEqualTo(new Outdated());
    assertThat(exists(ref)).isFalse();
  }

  @Test
  void aSleepLongerThanTheGracePeriodIsRefusedInTheServersWords() {
    // given
    WorkloadRef ref = created("too-long");

    // when
    Outcome outcome = write(ref, change(36L, new PreStop.Sleep(40)));

    // then
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.answer())
                    .contains("lifecycle.preStop.sleep", "terminationGracePeriodSeconds"));
    assertThat(sleeps(read(ref))).containsExactly(0, 0);
    assertThat(facts(read(ref)).heldByUs()).isFalse();
  }

  @Test
  void anAdmissionPolicyThatForbidsIsQuoted() {
    // given
    WorkloadRef ref = created("forbidden");
    WorkloadRef canary = created("canary");
    String name = NAMESPACE + ".example.com";
    kubectl(forbidding(name), "apply");
    try {
      // An admission policy takes effect some moments after it was made.
      await()
          .alias("the admission policy is in effect")
          .atMost(PATIENCE)
          .until(() -> templates.write(facts(read(canary)), another()) instanceof Refused);

      // when
      Outcome outcome = write(ref, SLEEP);

      // then
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.answer()).contains("Templates are frozen today."));
      assertThat(sleeps(read(ref))).containsExactly(0, 0);
    } finally {
      kubectl(forbidding(name), "delete");
    }
  }

  // ---------------------------------------------------------------- Deployments and their owners

  /** Without replicas: nothing here needs a pod. */
  private static String manifest(String name, String container) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          namespace: %s
          name: %s
        spec:
          replicas: 0
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec:
              containers:
                - name: %s
                  image: registry.invalid/web:41
                  ports: [{containerPort: 8080}]
                  lifecycle: {postStart: {exec: {command: ["true"]}}}
                - name: log
                  image: registry.invalid/log:7
        """
        .formatted(NAMESPACE, name, name, name, container);
  }

  /** Decided on anew as long as the Deployment controller has just written its status. */
  private Outcome write(WorkloadRef ref, Change change) {
    return await()
        .until(
            () -> templates.write(facts(read(ref)), change),
            outcome -> !(outcome instanceof Outdated));
  }

  private static Change change(long graceSeconds, PreStop preStop) {
    return new Change(graceSeconds, List.of(new OfContainer("app", preStop, null)));
  }

  /** Another one each time, so that writing it is a change. */
  private Change another() {
    written++;
    return change(36L, new PreStop.Sleep(1 + written % 30));
  }

  private static String declaringGrace(String name) {
    return manifest(name, "app")
        .replace("containers:", "terminationGracePeriodSeconds: 90\n      containers:");
  }

  private static String forbidding(String name) {
    return """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: %s}
        spec:
          failurePolicy: Fail
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
            resourceRules:
              - {apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments]}
          matchConditions:
            - {name: frozen, expression: "object.metadata.name in ['forbidden', 'canary']"}
          validations:
            - expression: "object.spec.template == oldObject.spec.template"
              message: Templates are frozen today.
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: %s}
        spec: {policyName: %s, validationActions: [Deny]}
        """
        .formatted(name, NAMESPACE, name, name);
  }

  /** By a client that creates, and so owns all defaults too. */
  private static WorkloadRef created(String name) {
    CLIENT.resource(Serialization.unmarshal(manifest(name, "app"), Deployment.class)).create();
    return settled(name);
  }

  private static WorkloadRef serverSideApplied(String name, String container) {
    Kubectl applied = kubectl(manifest(name, container), "apply", "--server-side");
    assertThat(applied.exitCode()).as(applied.output()).isZero();
    return settled(name);
  }

  /** The Deployment controller's first writes are over; later ones are part of the game. */
  private static WorkloadRef settled(String name) {
    WorkloadRef ref = new WorkloadRef(NAMESPACE, name);
    await().alias(name + " is settled").atMost(PATIENCE).until(() -> facts(read(ref)).settled());
    return ref;
  }

  /** As an operator does that dies before it can let go. */
  private static void writeWithoutLettingGo(WorkloadRef ref) {
    CLIENT
        .apps()
        .deployments()
        .inNamespace(ref.namespace())
        .withName(ref.name())
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.STRATEGIC_MERGE)
                .withFieldManager(DeploymentFacts.FIELD_MANAGER)
                .build(),
            """
            {"spec": {"template": {"spec": {
              "terminationGracePeriodSeconds": 36,
              "containers": [{"name": "app", "lifecycle": {"preStop": {"sleep": {"seconds": 6}}}}]
            }}}}
            """);
  }

  private static Deployment read(WorkloadRef ref) {
    return Objects.requireNonNull(
        CLIENT.apps().deployments().inNamespace(ref.namespace()).withName(ref.name()).get());
  }

  private static boolean exists(WorkloadRef ref) {
    return CLIENT.apps().deployments().inNamespace(ref.namespace()).withName(ref.name()).get()
        != null;
  }

  private static DeploymentFacts facts(Deployment deployment) {
    return DeploymentFacts.from(deployment);
  }

  private static List<Integer> sleeps(Deployment deployment) {
    return facts(deployment).containers().stream().map(TemplateContainer::sleepSeconds).toList();
  }

  private static Container container(Deployment deployment, String name) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> managers(Deployment deployment) {
    return deployment.getMetadata().getManagedFields().stream()
        .map(ManagedFieldsEntry::getManager)
        .distinct()
        .toList();
  }

  /** What the owner's tool said. */
  private record Kubectl(int exitCode, String output) {}

  private static Kubectl kubectl(String manifest, String... verb) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(verb));
    command.addAll(List.of("-f", "-"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(manifest.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Kubectl(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
