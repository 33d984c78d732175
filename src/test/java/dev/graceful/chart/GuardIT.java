package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.cluster.PodTemplates;
import dev.graceful.cluster.Templates.Written;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Change;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may do what, on a real API server with the chart's own policies, roles and CRDs. The operator
 * comes with a real token of its account, which here has every right in the namespace: it is not
 * for want of a role that it is refused.
 */
class GuardIT {

  /** Far longer than anything takes that comes to its end, on a slow machine as well. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String RUN = "guard-" + UUID.randomUUID().toString().substring(0, 8);
  private static final String NAMESPACE = RUN;
  private static final String ELSEWHERE = RUN + "-elsewhere";
  private static final String OPERATORS_NAMESPACE = "graceful-system";
  private static final String ACCOUNT = "graceful-operator";

  /** Who writes policies, and may not patch Deployments here, but does elsewhere. */
  private static final List<String> WRITER = List.of("--as", RUN + "-writer");

  /** Who writes policies and patches Deployments. */
  private static final List<String> OWNER = List.of("--as", RUN + "-owner");

  /** Who has every right in the namespace. */
  private static final List<String> ROBOT = List.of("--as", RUN + "-robot");

  private static final List<String> ADMIN = List.of();

  private static final KubernetesClient CLIENT = new KubernetesClientBuilder().build();

  /** What was not there before, in the order in which it was made. */
  private static final List<HasMetadata> MADE = new ArrayList<>();

  @TempDir private static Path folder = Path.of("");
  private static List<String> operator = List.of();
  private static @Nullable KubernetesClient operatorsClient;

  @BeforeAll
  static void theChartWithoutTheOperator() throws IOException {
    make(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(OPERATORS_NAMESPACE)
            .endMetadata()
            .build());
    // Under names of its own beside a release that may be there, and of the same operator: two that
    // refuse each other's writes would be no test.
    Manifest chart =
        Helm.template("--set", "fullnameOverride=" + RUN + ",serviceAccount.name=" + ACCOUNT);
    chart.objects().stream()
        .filter(
            object ->
                object instanceof ServiceAccount
                    || object instanceof ClusterRole
                    || object instanceof ClusterRoleBinding
                    || object instanceof CustomResourceDefinition
                    || object instanceof ValidatingAdmissionPolicy
                    || object instanceof ValidatingAdmissionPolicyBinding)
        .forEach(GuardIT::make);
    for (String name : List.of(NAMESPACE, ELSEWHERE)) {
      make(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build());
    }
    await()
        .alias("the kinds are served")
        .atMost(PATIENCE)
        .until(() -> kubectl(ADMIN, "get", "gp,dprot,tr", "-n", NAMESPACE).exitCode() == 0);

    write(ADMIN, people(), "apply").succeeds();
    operator = List.of("--kubeconfig", kubeconfigOfTheOperator().toString());
    operatorsClient =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(folder.resolve("operator").toFile()))
            .build();

    write(ADMIN, deployment("web"), "create").succeeds();
    settled("web");
    write(ADMIN, policy("there"), "create").succeeds();
    awaitTheGuards();
    await()
        .alias("the operator has its rights")
        .atMost(PATIENCE)
        .until(() -> write(operator, protection("there"), "create").exitCode() == 0);
    write(operator, report("there"), "create").succeeds();
  }

  /** They take effect some moments after they were made. */
  private static void awaitTheGuards() {
    await()
        .alias("all guards stand")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              isRefused(write(WRITER, policy("canary"), "create", DRY), "policy-writers");
              isRefused(write(ROBOT, protection("canary"), "create", DRY), "records");
              isRefused(
                  kubectl(operator, "delete", "deployment", "web", "-n", NAMESPACE, DRY),
                  "operator-writes");
            });
  }

  @AfterAll
  static void isGoneAfterwards() {
    if (operatorsClient != null) {
      operatorsClient.close();
    }
    for (HasMetadata made : MADE.reversed()) {
      var resource = CLIENT.resource(made);
      resource.delete();
      if (made instanceof Namespace) {
        // What comes next may want a namespace of the same name.
        resource.waitUntilCondition(Objects::isNull, PATIENCE.toMinutes(), TimeUnit.MINUTES);
      }
    }
    CLIENT.close();
  }

  @Test
  void theServerFindsNothingToComplainAboutInTheExpressions() {
    for (String name : List.of("policy-writers", "records", "operator-writes")) {
      await()
          .alias(name + " is checked")
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          CLIENT
                              .resources(ValidatingAdmissionPolicy.class)
                              .withName(RUN + "-" + name)
                              .require()
                              .getStatus())
                      .satisfies(
                          status -> {
                            assertThat(status.getObservedGeneration()).isEqualTo(1);
                            assertThat(status.getTypeChecking().getExpressionWarnings()).isEmpty();
                          }));
    }
  }

  // ---------------------------------------------------------------- who writes policies

  @Test
  void whoeverMayNotPatchDeploymentsIsToldWhoGrantsThat() {
    Kubectl created = write(WRITER, policy("not-mine"), "create");

    isRefused(created, "policy-writers");
    assertThat(created.output())
        .contains("user " + RUN + "-writer may not patch Deployments in namespace " + NAMESPACE)
        .contains("administrator of the namespace bind a Role with the rule")
        .contains("{apiGroups: [apps], resources: [deployments], verbs: [patch]}");
    assertThat(kubectl(ADMIN, "get", "gp", "not-mine", "-n", NAMESPACE).exitCode()).isNotZero();
  }

  @Test
  void neitherMayTheyChangeThePolicyOfAnother() {
    isRefused(
        kubectl(WRITER, patch("gp", "there", "{\"spec\": {\"drainSeconds\": 9}}")),
        "policy-writers");
    isRefused(
        write(WRITER, policy("there").replace("Never", "Immediately"), "replace", DRY),
        "policy-writers");
  }

  @Test
  void labelsOfAPolicyAndItsEndAreAnybodys() {
    write(ADMIN, policy("labelled"), "create").succeeds();

    kubectl(WRITER, "label", "gp", "labelled", "-n", NAMESPACE, "team=a").succeeds();
    kubectl(WRITER, "annotate", "gp", "labelled", "-n", NAMESPACE, "note=a").succeeds();
    write(WRITER, policy("labelled"), "apply").succeeds();
    kubectl(WRITER, "delete", "gp", "labelled", "-n", NAMESPACE).succeeds();
  }

  @Test
  void whoeverMayPatchDeploymentsToWritesPolicies() {
    write(OWNER, policy("mine"), "create").succeeds();
    write(OWNER, policy("mine").replace("Never", "Immediately"), "apply").succeeds();
    write(OWNER, policy("mine").replace("Never", "Immediately"), "apply", "--server-side")
        .succeeds();
    kubectl(OWNER, "delete", "gp", "mine", "-n", NAMESPACE).succeeds();
  }

  @Test
  void aRightInOneNamespaceIsNoneInAnother() {
    write(WRITER, policy("elsewhere").replace(NAMESPACE, ELSEWHERE), "create").succeeds();
    isRefused(write(WRITER, policy("elsewhere"), "create"), "policy-writers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"edit", "admin"})
  void theUsualRolesOfANamespaceWritePolicies(String role) {
    List<String> user = List.of("--as", RUN + "-" + role);

    // The aggregation of roles takes a moment.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> write(user, policy("by-" + role), "create").succeeds());
    kubectl(user, patch("gp", "by-" + role, "{\"spec\": {\"drainSeconds\": 9}}")).succeeds();
    kubectl(user, "get", "gp,dprot,tr", "-n", NAMESPACE).succeeds();
    kubectl(user, "delete", "gp", "by-" + role, "-n", NAMESPACE).succeeds();
    assertThat(write(user, protection("by-" + role), "create").output())
        .contains("cannot create resource \"deploymentprotections\"");
  }

  @Test
  void viewersRead() {
    List<String> user = List.of("--as", RUN + "-view");

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> kubectl(user, "get", "gp,dprot,tr", "-n", NAMESPACE).succeeds());
    assertThat(write(user, policy("by-view"), "create").output())
        .contains("cannot create resource \"gracefulpolicies\"");
  }

  // ---------------------------------------------------------------- what no operator has seen

  @Test
  void whatTheOperatorHasNotSeenIsPendingUntilItSpeaks() {
    write(ADMIN, policy("unseen"), "create").succeeds();
    String conditions =
        "jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.lastTransitionTime};"
            + "{end}";
    String[] get = {"get", "gp", "unseen", "-n", NAMESPACE, "-o", conditions};

    assertThat(kubectl(ADMIN, get).output())
        .contains(
            Stream.of("Accepted", "Programmed", "TerminationsGraceful", "Ready")
                .map(type -> type + "=Unknown Pending 1970-01-01T00:00:00Z;")
                .collect(Collectors.joining()));

    speak("Ready", "Reconciling").succeeds();
    assertThat(kubectl(ADMIN, get).output()).contains("Reconciling=True Spoken");
    speak("Ready").succeeds();
    assertThat(kubectl(ADMIN, get).output())
        .contains("Ready=True Spoken")
        .doesNotContain("Reconciling")
        .doesNotContain("Ready=Unknown");
    kubectl(ADMIN, "delete", "gp", "unseen", "-n", NAMESPACE).succeeds();
  }

  /** As the operator does: what it leaves out of its next apply goes. */
  private static Kubectl speak(String... types) {
    String status =
        Stream.of(types)
            .map(
                type ->
                    "{type: %s, status: 'True', reason: Spoken, message: '', lastTransitionTime: '2026-01-01T00:00:00Z'}"
                        .formatted(type))
            .collect(Collectors.joining(", ", "status: {conditions: [", "]}\n"));
    return write(
        operator,
        policy("unseen").replaceFirst("spec: .*\n", status),
        "apply",
        "--server-side",
        "--subresource=status",
        "--field-manager=gracefulpolicy");
  }

  // ---------------------------------------------------------------- who writes the records

  @Test
  void nobodyElseMakesRecords() {
    for (List<String> user : List.of(ROBOT, ADMIN)) {
      Kubectl created = write(user, protection("forged"), "create");
      isRefused(created, "records");
      assertThat(created.output())
          .contains("only the operator (system:serviceaccount:graceful-system:graceful-operator)")
          .contains("change the GracefulPolicy's spec instead");
      isRefused(write(user, protection("forged"), "apply", "--server-side"), "records");
      isRefused(write(user, report("forged"), "create"), "records");
    }
  }

  static Stream<Arguments> changesOfRecords() {
    return Stream.of(
        arguments("dprot", "", "{\"spec\": {\"policy\": {\"uid\": \"forged\"}}}"),
        arguments(
            "dprot",
            "",
            """
            {"spec": {"decision":
              {"containers": ["app"], "sleepSeconds": 300, "terminationGracePeriodSeconds": 3900}}}
            """),
        arguments("dprot", "status", statusPatch()),
        arguments("tr", "", "{\"spec\": {\"revision\": 7}}"),
        arguments("tr", "status", statusPatch()),
        arguments("gp", "status", statusPatch()));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource("changesOfRecords")
  void onlyTheOperatorChangesRecords(String kind, String subresource, String patch) {
    var command = new ArrayList<>(List.of(patch(kind, "there", patch)));
    if (!subresource.isEmpty()) {
      command.add("--subresource=" + subresource);
    }
    String[] arguments = command.toArray(String[]::new);

    isRefused(kubectl(ROBOT, arguments), "records");
    isRefused(kubectl(ADMIN, arguments), "records");
    kubectl(operator, arguments).succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dprot", "tr"})
  void theMetadataOfRecordsAndTheirEndAreAnybodys(String kind) {
    String manifest = kind.equals("tr") ? report("marked") : protection("marked");
    write(operator, manifest, "create").succeeds();

    kubectl(ROBOT, "label", kind, "marked", "-n", NAMESPACE, "team=a").succeeds();
    kubectl(ROBOT, patch(kind, "marked", "{\"metadata\": {\"finalizers\": [\"a.example/b\"]}}"))
        .succeeds();
    kubectl(ROBOT, "delete", kind, "marked", "-n", NAMESPACE, "--wait=false").succeeds();
    kubectl(ROBOT, patch(kind, "marked", "{\"metadata\": {\"finalizers\": null}}")).succeeds();
    await()
        .atMost(PATIENCE)
        .until(() -> kubectl(ADMIN, "get", kind, "marked", "-n", NAMESPACE).exitCode() != 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"background", "foreground", "orphan"})
  void theGarbageCollectorDoesItsWork(String cascade) {
    String name = "collected-" + cascade;
    write(ADMIN, deployment(name), "create").succeeds();
    Deployment owner = read(name);
    write(operator, protection(name), "create").succeeds();
    kubectl(
            operator,
            patch(
                "dprot",
                name,
                """
                {"metadata": {"ownerReferences": [
                  {"apiVersion": "apps/v1", "kind": "Deployment", "name": "%s", "uid": "%s"}]}}
                """
                    .formatted(name, owner.getMetadata().getUid())))
        .succeeds();

    kubectl(ADMIN, "delete", "deployment", name, "-n", NAMESPACE, "--cascade=" + cascade)
        .succeeds();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              @Nullable DeploymentProtection left =
                  CLIENT
                      .resources(DeploymentProtection.class)
                      .inNamespace(NAMESPACE)
                      .withName(name)
                      .get();
              if (cascade.equals("orphan")) {
                assertThat(Objects.requireNonNull(left).getMetadata().getOwnerReferences())
                    .isEmpty();
              } else {
                assertThat(left).isNull();
              }
            });
  }

  @Test
  void aNamespaceWithAllOfThemInItGoes() {
    String namespace = RUN + "-going";
    make(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build());
    write(
            ADMIN,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: operator, namespace: %s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{kind: ServiceAccount, name: %s, namespace: graceful-system}]
            """
                .formatted(namespace, ACCOUNT),
            "create")
        .succeeds();
    write(ADMIN, policy("going").replace(NAMESPACE, namespace), "create").succeeds();
    write(ADMIN, deployment("going").replace(NAMESPACE, namespace), "create").succeeds();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                write(operator, protection("going").replace(NAMESPACE, namespace), "create")
                    .succeeds());
    write(operator, report("going").replace(NAMESPACE, namespace), "create").succeeds();

    kubectl(ADMIN, "delete", "namespace", namespace, "--timeout=5m").succeeds();
  }

  // ---------------------------------------------------------------- what the operator writes

  @ParameterizedTest
  @CsvSource({"app,0", "idle,3"})
  void whatTheOperatorWritesIsTaken(String container, int index) {
    String name = "written-" + container;
    write(ADMIN, deployment(name), "create").succeeds();
    PodTemplates templates = new PodTemplates(Objects.requireNonNull(operatorsClient));

    for (int sleep : List.of(6, 303, 0)) {
      settled(name);
      int grace = sleep == 0 ? 30 : sleep + 3600;
      var outcome =
          templates.write(
              DeploymentFacts.from(read(name)), change(List.of(container), sleep, grace));

      assertThat(outcome).isEqualTo(new Written());
      DeploymentFacts facts = DeploymentFacts.from(read(name));
      assertThat(facts.graceSeconds()).isEqualTo(grace);
      assertThat(facts.containers().get(index).name()).isEqualTo(container);
      assertThat(facts.containers().get(index).sleepSeconds()).isEqualTo(sleep);
      assertThat(facts.heldByUs()).isFalse();
    }
  }

  @Test
  void whatACrashLeftBehindIsLetGoOf() {
    String name = "held";
    write(ADMIN, deployment(name), "create").succeeds();
    settled(name);
    write(
            operator,
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: held, namespace: %s},
             spec: {template: {spec: {containers: [{name: app, lifecycle: {preStop: {sleep: {seconds: 5}}}}]}}}}
            """
                .formatted(NAMESPACE),
            "apply",
            "--server-side",
            "--field-manager=" + DeploymentFacts.FIELD_MANAGER)
        .succeeds();
    assertThat(DeploymentFacts.from(read(name)).heldByUs()).isTrue();

    new PodTemplates(Objects.requireNonNull(operatorsClient))
        .letGo(new WorkloadRef(NAMESPACE, name));

    assertThat(DeploymentFacts.from(read(name)).heldByUs()).isFalse();
    assertThat(DeploymentFacts.from(read(name)).containers().getFirst().sleepSeconds())
        .isEqualTo(5);
  }

  /** As a strategic merge patch, as the operator writes. */
  static Stream<Arguments> promised() {
    String probe = "{name: app, readinessProbe: %s}";
    return Stream.of(
        arguments("a probe over HTTP", probe.formatted("{httpGet: {path: /r, port: 8080}}")),
        arguments(
            "a probe over HTTPS",
            probe.formatted(
                "{httpGet: {path: /r, port: 8080, scheme: HTTPS}, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 4}")),
        arguments("a probe over TCP", probe.formatted("{tcpSocket: {port: 8080}}")),
        arguments("a probe over gRPC", probe.formatted("{grpc: {port: 8080, service: a.B}}")),
        arguments(
            "another kind of probe",
            "{name: idle, readinessProbe: {tcpSocket: null, httpGet: {path: /r, port: 8080}}}"),
        arguments("no probe", "{name: idle, readinessProbe: null}"),
        arguments(
            "probe and hook at once",
            "{name: app, lifecycle: {preStop: {sleep: {seconds: 6}}}, readinessProbe: {tcpSocket: {port: 8080}}}"),
        arguments("another sleep", "{name: idle, lifecycle: {preStop: {sleep: {seconds: 9}}}}"),
        arguments("no sleep", "{name: idle, lifecycle: null}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("promised")
  void whatIsPromisedIsTaken(String what, String container) {
    kubectl(
            operator,
            "patch",
            "deployment",
            "web",
            "-n",
            NAMESPACE,
            DRY,
            "--type=strategic",
            "-p",
            json(
                "spec: {template: {spec: {terminationGracePeriodSeconds: 3903, containers: [%s]}}}"
                    .formatted(container)))
        .succeeds();
  }

  /** As JSON patches: what is changed, and the guard's words for what would be right. */
  static Stream<Arguments> forbidden() {
    String template = "/spec/template";
    String pod = template + "/spec";
    String app = pod + "/containers/0";
    String log = pod + "/containers/1";
    String third = pod + "/containers/2";
    String metadata = "metadata but managedFields";
    String spec = "spec but its pods' terminationGracePeriodSeconds";
    String names = "add, remove, rename or reorder the containers";
    String container = "of a container but its lifecycle.preStop and its readinessProbe";
    String hook = "only if it is a sleep of 1 to 303 s and nothing else";
    String probe = "only if it is an httpGet without host and headers";
    String grace = "terminationGracePeriodSeconds to 1 to 3903";
    return Stream.of(
        // containers
        refused("image", container, add(app + "/image", "\"evil\"")),
        refused("command", container, add(app + "/command", "[\"sh\"]")),
        refused("args", container, add(app + "/args", "[\"-c\"]")),
        refused("env", container, add(app + "/env", "[{\"name\": \"A\", \"value\": \"b\"}]")),
        refused(
            "envFrom", container, add(app + "/envFrom", "[{\"secretRef\": {\"name\": \"a\"}}]")),
        refused("ports", container, remove(app + "/ports")),
        refused("resources", container, add(app + "/resources/limits", "{\"cpu\": \"1\"}")),
        refused(
            "volumeMounts",
            container,
            add(app + "/volumeMounts", "[{\"name\": \"tmp\", \"mountPath\": \"/x\"}]")),
        refused(
            "securityContext of a container",
            container,
            add(app + "/securityContext", "{\"privileged\": true}")),
        refused(
            "livenessProbe added",
            container,
            add(app + "/livenessProbe", "{\"tcpSocket\": {\"port\": 1}}")),
        refused("livenessProbe removed", container, remove(log + "/livenessProbe")),
        refused(
            "startupProbe added",
            container,
            add(app + "/startupProbe", "{\"tcpSocket\": {\"port\": 1}}")),
        refused(
            "postStart added",
            container,
            add(log + "/lifecycle/postStart", "{\"exec\": {\"command\": [\"sh\"]}}")),
        refused("postStart removed", container, remove(app + "/lifecycle/postStart")),
        // hooks
        refused(
            "exec preStop",
            hook,
            add(app + "/lifecycle/preStop", "{\"exec\": {\"command\": [\"sh\"]}}")),
        refused(
            "httpGet preStop",
            hook,
            add(app + "/lifecycle/preStop", "{\"httpGet\": {\"port\": 1, \"host\": \"evil\"}}")),
        refused(
            "sleep of 304 s",
            hook,
            add(pod + "/terminationGracePeriodSeconds", "400"),
            add(app + "/lifecycle/preStop", "{\"sleep\": {\"seconds\": 304}}")),
        refused(
            "owner's exec preStop replaced",
            hook,
            add(log + "/lifecycle/preStop", "{\"sleep\": {\"seconds\": 6}}")),
        refused("owner's exec preStop removed", hook, remove(log + "/lifecycle/preStop")),
        refused(
            "sleep replaced by exec",
            hook,
            add(
                pod + "/containers/3/lifecycle/preStop",
                "{\"exec\": {\"command\": [\"sleep\", \"5\"]}}")),
        // probes
        refused(
            "exec readinessProbe",
            probe,
            add(app + "/readinessProbe", "{\"exec\": {\"command\": [\"sh\"]}}")),
        refused(
            "readinessProbe with a host",
            probe,
            add(app + "/readinessProbe", "{\"httpGet\": {\"port\": 1, \"host\": \"10.0.0.1\"}}")),
        refused(
            "readinessProbe with headers",
            probe,
            add(
                app + "/readinessProbe",
                "{\"httpGet\": {\"port\": 1, \"httpHeaders\": [{\"name\": \"A\", \"value\": \"b\"}]}}")),
        refused(
            "TCP readinessProbe with a host",
            probe,
            add(app + "/readinessProbe", "{\"tcpSocket\": {\"port\": 1, \"host\": \"10.0.0.1\"}}")),
        refused("owner's exec readinessProbe removed", probe, remove(log + "/readinessProbe")),
        refused(
            "owner's exec readinessProbe replaced",
            probe,
            add(log + "/readinessProbe", "{\"tcpSocket\": {\"port\": 1}}")),
        refused(
            "owner's readinessProbe with headers removed",
            probe,
            remove(third + "/readinessProbe")),
        // grace
        refused("grace of 3904 s", grace, add(pod + "/terminationGracePeriodSeconds", "3904")),
        // the list of containers
        refused(
            "second container",
            names,
            add(pod + "/containers/-", "{\"name\": \"b\", \"image\": \"evil\"}")),
        refused("removed container", names, remove(log)),
        refused("renamed container", names, add(app + "/name", "\"server\"")),
        refused(
            "reordered containers",
            names,
            "{'op': 'move', 'from': '%s', 'path': '%s'}".formatted(log, app)),
        // pods
        refused(
            "init container",
            spec,
            add(pod + "/initContainers/-", "{\"name\": \"b\", \"image\": \"evil\"}")),
        refused(
            "image of an init container", spec, add(pod + "/initContainers/0/image", "\"evil\"")),
        refused(
            "preStop of a sidecar",
            spec,
            add(
                pod + "/initContainers/0/lifecycle",
                "{\"preStop\": {\"sleep\": {\"seconds\": 6}}}")),
        refused("serviceAccountName", spec, add(pod + "/serviceAccountName", "\"evil\"")),
        refused("token", spec, add(pod + "/automountServiceAccountToken", "true")),
        refused("hostNetwork", spec, add(pod + "/hostNetwork", "true")),
        refused("hostPID", spec, add(pod + "/hostPID", "true")),
        refused(
            "volumes",
            spec,
            add(pod + "/volumes/-", "{\"name\": \"a\", \"hostPath\": {\"path\": \"/\"}}")),
        refused("securityContext", spec, add(pod + "/securityContext/runAsUser", "0")),
        refused("nodeSelector", spec, add(pod + "/nodeSelector", "{\"a\": \"b\"}")),
        refused("nodeName", spec, add(pod + "/nodeName", "\"node\"")),
        refused("imagePullSecrets", spec, add(pod + "/imagePullSecrets", "[{\"name\": \"a\"}]")),
        refused("tolerations", spec, add(pod + "/tolerations", "[{\"operator\": \"Exists\"}]")),
        refused("dnsPolicy", spec, add(pod + "/dnsPolicy", "\"Default\"")),
        refused("restarted", spec, add(template + "/metadata/annotations/restarted", "\"a\"")),
        refused("pod annotations", spec, remove(template + "/metadata/annotations")),
        refused("pod labels", spec, add(template + "/metadata/labels/a", "\"b\"")),
        // the Deployment
        refused("replicas", spec, add("/spec/replicas", "1")),
        refused("paused", spec, add("/spec/paused", "true")),
        refused("strategy", spec, add("/spec/strategy", "{\"type\": \"Recreate\"}")),
        refused("minReadySeconds", spec, add("/spec/minReadySeconds", "9")),
        refused("revisionHistoryLimit", spec, add("/spec/revisionHistoryLimit", "0")),
        refused("progressDeadlineSeconds", spec, add("/spec/progressDeadlineSeconds", "9")),
        refused("label", metadata, add("/metadata/labels/a", "\"b\"")),
        refused("labels removed", metadata, remove("/metadata/labels")),
        refused("annotation", metadata, add("/metadata/annotations/a", "\"b\"")),
        refused("annotation removed", metadata, remove("/metadata/annotations/owner")),
        refused(
            "ownerReferences",
            metadata,
            add(
                "/metadata/ownerReferences",
                "[{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"name\": \"a\", \"uid\": \"b\"}]")),
        refused("finalizers", metadata, add("/metadata/finalizers", "[\"a.example/b\"]")),
        // what is right does not make right what comes with it
        refused(
            "image beside a sleep",
            container,
            add(app + "/lifecycle/preStop", "{\"sleep\": {\"seconds\": 6}}"),
            add(app + "/image", "\"evil\"")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forbidden")
  void nothingElseIs(String what, String words, String patch) {
    String[] command = {"patch", "deployment", "web", "-n", NAMESPACE, "--type=json", "-p", patch};

    // The change is one that can be made.
    kubectl(ADMIN, with(command, DRY)).succeeds();
    Kubectl tried = kubectl(operator, command);
    isRefused(tried, "operator-writes");
    assertThat(tried.output()).contains("the graceful operator may ", words);
  }

  @Test
  void aSleepLongerThanAnyOfOursIsTheOwners() {
    write(
            ADMIN,
            deployment("long")
                .replace("seconds: 4", "seconds: 400")
                .replace("volumes:", "terminationGracePeriodSeconds: 5000\n      volumes:"),
            "create")
        .succeeds();

    String sleep = "/spec/template/spec/containers/3/lifecycle/preStop";
    for (String operation : List.of(add(sleep + "/sleep/seconds", "6"), remove(sleep))) {
      isRefused(
          kubectl(
              operator,
              "patch",
              "deployment",
              "long",
              "-n",
              NAMESPACE,
              "--type=json",
              "-p",
              "[" + operation + "]"),
          "operator-writes");
    }
    // A longer grace period that the owner set is no obstacle to the rest.
    kubectl(
            operator,
            "patch",
            "deployment",
            "long",
            "-n",
            NAMESPACE,
            "--type=json",
            "-p",
            "["
                + add(
                    "/spec/template/spec/containers/0/lifecycle/preStop",
                    "{\"sleep\": {\"seconds\": 6}}")
                + "]")
        .succeeds();
  }

  @Test
  void noReplaceGetsAroundIt() {
    String evil = deployment("web").replace("registry.invalid/web:41", "registry.invalid/evil:1");

    isRefused(write(operator, evil, "replace"), "operator-writes");
    isRefused(
        write(operator, evil, "apply", "--server-side", "--force-conflicts"), "operator-writes");
  }

  @Test
  void aDeploymentIsCreatedAsADryRunOnly() {
    write(operator, deployment("tried"), "create", DRY).succeeds();
    Kubectl created = write(operator, deployment("tried"), "create");

    isRefused(created, "operator-writes");
    assertThat(created.output()).contains("may update Deployments, and create them as a dry run");
    assertThat(kubectl(ADMIN, "get", "deployment", "tried", "-n", NAMESPACE).exitCode())
        .isNotZero();
  }

  @Test
  void noneIsDeletedOrScaledOrGivenAStatus() {
    isRefused(kubectl(operator, "delete", "deployment", "web", "-n", NAMESPACE), "operator-writes");
    isRefused(
        kubectl(operator, "delete", "deployments", "--all", "-n", NAMESPACE), "operator-writes");
    isRefused(
        kubectl(operator, "scale", "deployment", "web", "-n", NAMESPACE, "--replicas=1"),
        "operator-writes");
    isRefused(
        kubectl(
            operator,
            with(
                patch("deployment", "web", "{\"status\": {\"observedGeneration\": 99}}"),
                "--subresource=status")),
        "operator-writes");
    assertThat(read("web").getMetadata().getGeneration()).isEqualTo(1);
  }

  /** The server bounds what the evaluation of an expression may cost. */
  @Test
  void aVeryLargeDeploymentIsNotTooMuchForTheGuard() {
    String containers =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "        - {name: c%d, image: registry.invalid/c, env: [%s]}\n"
                        .formatted(
                            i,
                            IntStream.range(0, 100)
                                .mapToObj(
                                    e -> "{name: E%d, value: \"%s\"}".formatted(e, "v".repeat(60)))
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining());
    write(ADMIN, deployment("large") + containers, "create").succeeds();
    settled("large");

    var outcome =
        new PodTemplates(Objects.requireNonNull(operatorsClient))
            .write(DeploymentFacts.from(read("large")), change(List.of("app", "c59"), 6, 36));

    assertThat(outcome).isEqualTo(new Written());
    isRefused(
        kubectl(
            operator,
            "patch",
            "deployment",
            "large",
            "-n",
            NAMESPACE,
            "--type=json",
            "-p",
            "[" + add("/spec/template/spec/containers/63/env/99/value", "\"evil\"") + "]"),
        "operator-writes");
  }

  // ---------------------------------------------------------------- objects

  /** Without replicas: nothing here needs a pod. */
  private static String deployment(String name) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          namespace: %s
          name: %s
          labels: {team: a}
          annotations: {owner: a}
        spec:
          replicas: 0
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}, annotations: {a: b}}
            spec:
              volumes: [{name: tmp, emptyDir: {}}]
              initContainers:
                - {name: proxy, image: registry.invalid/proxy:1, restartPolicy: Always}
              containers:
                - name: app
                  image: registry.invalid/web:41
                  ports: [{containerPort: 8080}]
                  lifecycle: {postStart: {exec: {command: ["true"]}}}
                - name: log
                  image: registry.invalid/log:7
                  lifecycle: {preStop: {exec: {command: ["flush"]}}}
                  readinessProbe: {exec: {command: ["true"]}}
                  livenessProbe: {exec: {command: ["true"]}}
                - name: slow
                  image: registry.invalid/slow:7
                  readinessProbe: {httpGet: {port: 1, httpHeaders: [{name: Host, value: a}]}}
                - name: idle
                  image: registry.invalid/idle:7
                  lifecycle: {preStop: {sleep: {seconds: 4}}}
                  readinessProbe: {tcpSocket: {port: 1}}
        """
        .formatted(NAMESPACE, name, name, name);
  }

  private static String policy(String name) {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata: {name: %s, namespace: %s}
        spec: {selector: {matchLabels: {guarded: "no"}}, apply: Never}
        """
        .formatted(name, NAMESPACE);
  }

  private static String protection(String name) {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: DeploymentProtection
        metadata: {name: %s, namespace: %s}
        spec: {policy: {name: there, uid: a}}
        """
        .formatted(name, NAMESPACE);
  }

  private static String report(String name) {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: TerminationReport
        metadata: {name: %s, namespace: %s}
        spec: {deployment: %s, replicaSetUid: a, revision: 1}
        """
        .formatted(name, NAMESPACE, name);
  }

  private static String people() {
    return """
        apiVersion: v1
        kind: List
        items:
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: policies, namespace: %1$s}
            rules: [{apiGroups: [graceful.dev], resources: [gracefulpolicies], verbs: [get, list, create, update, patch, delete]}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: deployments, namespace: %1$s}
            rules: [{apiGroups: [apps], resources: [deployments], verbs: [patch]}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: both, namespace: %2$s}
            rules:
              - {apiGroups: [graceful.dev], resources: [gracefulpolicies], verbs: [create]}
              - {apiGroups: [apps], resources: [deployments], verbs: [patch]}
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: policies, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: policies}
            subjects:
              - {kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-writer}
              - {kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-owner}
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: deployments, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployments}
            subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-owner}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: both, namespace: %2$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: both}
            subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-writer}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: edit, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-edit}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: admin, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
            subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-admin}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: view, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-view}]
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: everything, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
              - {kind: User, apiGroup: rbac.authorization.k8s.io, name: %3$s-robot}
              - {kind: ServiceAccount, name: %4$s, namespace: graceful-system}
        """
        .formatted(NAMESPACE, ELSEWHERE, RUN, ACCOUNT);
  }

  private static String statusPatch() {
    return """
        {"status": {"conditions": [{"type": "Forged", "status": "True", "reason": "Forged", "message": "",
          "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
        """;
  }

  private static String json(String yaml) {
    return Manifest.YAML.asJson(Manifest.YAML.unmarshal(yaml, ObjectNode.class));
  }

  private static Arguments refused(String what, String words, String... operations) {
    return arguments(what, words, "[" + String.join(", ", operations).replace('\'', '"') + "]");
  }

  private static String add(String path, String value) {
    return "{\"op\": \"add\", \"path\": \"%s\", \"value\": %s}".formatted(path, value);
  }

  private static String remove(String path) {
    return "{\"op\": \"remove\", \"path\": \"%s\"}".formatted(path);
  }

  // ---------------------------------------------------------------- the cluster

  private static void make(HasMetadata object) {
    if (CLIENT.resource(object).get() == null) {
      CLIENT.resource(object).create();
      MADE.add(object);
    }
  }

  /** The admin's, with a token of the operator's account in place of the admin's credentials. */
  private static Path kubeconfigOfTheOperator() throws IOException {
    String token =
        kubectl(ADMIN, "create", "token", ACCOUNT, "-n", OPERATORS_NAMESPACE).succeeds().strip();
    String admins = kubectl(ADMIN, "config", "view", "--raw", "--minify", "--flatten").succeeds();
    ObjectNode config = Manifest.YAML.unmarshal(admins, ObjectNode.class);
    ((ObjectNode) config.at("/users/0")).putObject("user").put("token", token);
    return Files.writeString(folder.resolve("operator"), Manifest.YAML.asYaml(config));
  }

  private static Deployment read(String name) {
    return CLIENT.apps().deployments().inNamespace(NAMESPACE).withName(name).require();
  }

  /** The Deployment controller's first writes are over. */
  private static void settled(String name) {
    await()
        .alias(name + " is settled")
        .atMost(PATIENCE)
        .until(() -> DeploymentFacts.from(read(name)).settled());
  }

  // ---------------------------------------------------------------- kubectl

  private static final String DRY = "--dry-run=server";

  /** What the real kubectl said. */
  private record Kubectl(int exitCode, String output) {

    String succeeds() {
      assertThat(exitCode).as(output).isZero();
      return output;
    }
  }

  /** By this policy of the chart, in one line. */
  private static void isRefused(Kubectl answer, String guard) {
    assertThat(answer.exitCode()).as(answer.output()).isNotZero();
    assertThat(answer.output().strip().lines())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsAnyOf(
                        "ValidatingAdmissionPolicy '" + RUN + "-" + guard + "'",
                        "ValidatingAdmissionPolicy 'graceful-operator-" + guard + "'")
                    .contains("denied request: "));
  }

  private static String[] patch(String kind, String name, String patch) {
    return new String[] {"patch", kind, name, "-n", NAMESPACE, "--type=merge", "-p", patch};
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
  }

  private static Kubectl kubectl(List<String> user, String... command) {
    return run(user, "", List.of(command));
  }

  private static Kubectl write(List<String> user, String manifest, String... command) {
    return run(user, manifest, List.of(with(command, "-f", "-")));
  }

  private static Kubectl run(List<String> user, String input, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(user);
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
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

  private static Change change(List<String> containers, int sleepSeconds, long graceSeconds) {
    return new Change(
        graceSeconds,
        containers.stream()
            .map(
                name ->
                    new OfContainer(
                        name,
                        sleepSeconds == 0 ? new PreStop.Gone() : new PreStop.Sleep(sleepSeconds),
                        null))
            .toList());
  }
}
