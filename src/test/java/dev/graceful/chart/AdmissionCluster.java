package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/**
 * A namespace in which the chart's admission policies are in force, and their parameters are
 * written by hand. These are of an API group of their own, so that an operator that is installed in
 * the cluster, and its policies, have no part in it.
 */
final class AdmissionCluster implements AutoCloseable {

  private static final String RELEASE = "admission-it";
  private static final String GROUP = "admission-it.graceful.dev";
  private static final String VERSION = GROUP + "/v1alpha1";
  private static final String CANARY = "canary";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** How the API server calls the operator whose chart it is. */
  static final String OPERATOR = "system:serviceaccount:graceful-system:" + RELEASE;

  private final String namespace = RELEASE + "-" + UUID.randomUUID().toString().substring(0, 8);
  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private final List<String> installed = new ArrayList<>();
  private final AtomicInteger rounds = new AtomicInteger();

  /** Makes the namespace and the kinds of the parameters. */
  AdmissionCluster() {
    try {
      client
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      for (String kind : List.of("deploymentprotections", "gracefulpolicies")) {
        install(parameterKind(kind));
      }
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  kubectl("get", "deploymentprotections." + GROUP).succeeded()
                      && kubectl("get", "gracefulpolicies." + GROUP).succeeded());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Installs the chart's policies, and returns once they are in force. */
  void enforce() {
    policies().forEach(this::install);
    inForce();
  }

  /** Takes the policies away; what they change may still be changed for a moment. */
  void release() {
    policies().forEach(manifest -> succeed(withInput(manifest, "delete", "-f", "-")));
  }

  /** The chart's policies and bindings, as Helm renders them where the cluster serves them. */
  private static List<String> policies() {
    return Helm.template(
            "--set",
            "fullnameOverride=" + RELEASE,
            "--api-versions",
            Helm.MUTATING_ADMISSION_POLICY)
        .documents()
        .stream()
        .filter(document -> document.contains("kind: MutatingAdmissionPolicy"))
        .map(
            document -> document.replace("apiVersion: graceful.dev/", "apiVersion: " + GROUP + "/"))
        .toList();
  }

  String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return client;
  }

  /** A CRD of the repository, for the group of these tests. */
  private static String parameterKind(String plural) {
    try {
      ObjectNode crd =
          Manifest.YAML.unmarshal(
              Files.readString(Path.of("crds", plural + ".graceful.dev-v1.yml")), ObjectNode.class);
      ((ObjectNode) crd.path("metadata")).put("name", plural + "." + GROUP);
      var spec = (ObjectNode) crd.path("spec");
      spec.put("group", GROUP);
      var names = (ObjectNode) spec.path("names");
      names.remove(List.of("shortNames", "categories"));
      return Manifest.YAML.asYaml(crd);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void install(String manifest) {
    installed.addFirst(manifest);
    applied(manifest);
  }

  // ---------------------------------------------------------------- parameters

  /** Writes the protection of a Deployment that is there. */
  void protection(String deployment, String spec) {
    protection(deployment, deployment, spec);
  }

  /** Writes a protection of this name that a Deployment of another name owns. */
  void protection(String name, String owner, String spec) {
    written(protectionOf(name, owner, uid(owner), spec));
  }

  /** Adds protections until the namespace has that many. Whoever owns them keeps them alive. */
  void fillUpTo(int count, String owner, String spec) {
    String uid = uid(owner);
    for (int i = protections(); i < count; i++) {
      GenericKubernetesResource protection =
          Manifest.YAML.unmarshal(
              protectionOf("filler-" + i, owner, uid, spec), GenericKubernetesResource.class);
      client.resource(protection).inNamespace(namespace).create();
    }
  }

  /** How many protections there are in the namespace. */
  int protections() {
    return client
        .genericKubernetesResources(VERSION, "DeploymentProtection")
        .inNamespace(namespace)
        .list()
        .getItems()
        .size();
  }

  private static String protectionOf(String name, String owner, String ownerUid, String spec) {
    return """
        apiVersion: %s
        kind: DeploymentProtection
        metadata:
          name: %s
          labels: {graceful.dev/at-admission: "true"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: %s, uid: %s}]
        spec:
          policy: {name: web, uid: some}
        %s
        """
        .formatted(VERSION, name, owner, ownerUid, spec.indent(2));
  }

  /** Writes a policy with a status, which the operator would have written. */
  void policy(String name, String spec, String status) {
    GenericKubernetesResource policy =
        written(
            """
            apiVersion: %s
            kind: GracefulPolicy
            metadata: {name: %s}
            spec:
            %s
            """
                .formatted(VERSION, name, spec.indent(2)));
    policy.setAdditionalProperty(
        "status",
        Manifest.YAML.unmarshal(
            status.replace("CURRENT", policy.getMetadata().getGeneration().toString()),
            JsonNode.class));
    client.resource(policy).inNamespace(namespace).updateStatus();
  }

  void deletePolicy(String name) {
    client
        .genericKubernetesResources(VERSION, "GracefulPolicy")
        .inNamespace(namespace)
        .withName(name)
        .delete();
  }

  /** What no owner writes goes without kubectl, which takes much longer than the write. */
  private GenericKubernetesResource written(String parameter) {
    GenericKubernetesResource resource =
        Manifest.YAML.unmarshal(parameter, GenericKubernetesResource.class);
    return client.resource(resource).inNamespace(namespace).forceConflicts().serverSideApply();
  }

  /**
   * Returns once the API server acts on all parameters that were written before. It watches each
   * kind, so what was written first is seen first.
   */
  void inForce() {
    int round = rounds.incrementAndGet();
    if (round == 1) {
      applied(manifest(CANARY));
    }
    protection(
        CANARY,
        """
        apply: OnRollout
        decision: {containers: [app], sleepSeconds: %d, terminationGracePeriodSeconds: 300}
        before: {terminationGracePeriodSeconds: 30}
        """
            .formatted(round));
    policy(
        CANARY,
        """
        apply: OnRollout
        selector: {matchLabels: {canary: round-%d}}
        propagationSeconds: %d
        """
            .formatted(round, round),
        "{\"protectsNewDeployments\": true, \"observedGeneration\": CURRENT}");
    await()
        .alias("parameters are in force")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> sleepAtRollout() == round && sleepAtCreation(round) == round + 1);
  }

  private long sleepAtRollout() {
    return sleep(
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(CANARY)
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.STRATEGIC_MERGE)
                    .withDryRun(List.of("All"))
                    .build(),
                """
                {"spec": {"template": {"metadata": {"annotations": {"try": "it"}}}}}
                """));
  }

  private long sleepAtCreation(int round) {
    Deployment unborn = Manifest.YAML.unmarshal(manifest("unborn"), Deployment.class);
    unborn.getMetadata().getLabels().put("canary", "round-" + round);
    return sleep(client.resource(unborn).inNamespace(namespace).dryRun().create());
  }

  private static long sleep(Deployment deployment) {
    var lifecycle =
        deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getLifecycle();
    return lifecycle == null ? 0 : lifecycle.getPreStop().getSleep().getSeconds();
  }

  // ---------------------------------------------------------------- Deployments

  /** One container that declares a port, and no replicas: what pods do is not asked here. */
  static String manifest(String name) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %s
          labels: {app: %s}
        spec:
          replicas: 0
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec:
              containers:
              - name: app
                image: web:1
                ports: [{containerPort: 8080}]
        """
        .formatted(name, name, name, name);
  }

  /** The Deployment as it is, once its controller has seen it. */
  Observed observed(String name) {
    await()
        .alias(name + " is seen by its controller")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              JsonNode deployment = read(name);
              return deployment.at("/status/observedGeneration").asLong()
                  == deployment.at("/metadata/generation").asLong();
            });
    int revisions =
        client
            .apps()
            .replicaSets()
            .inNamespace(namespace)
            .withLabel("app", name)
            .list()
            .getItems()
            .size();
    return new Observed(read(name), revisions);
  }

  private JsonNode read(String name) {
    return Manifest.YAML.unmarshal(
        client.raw("/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name),
        JsonNode.class);
  }

  String uid(String deployment) {
    return read(deployment).at("/metadata/uid").asText();
  }

  /** A Deployment at one moment, and how many ReplicaSets it had then. */
  record Observed(JsonNode deployment, int revisions) {

    JsonNode template() {
      return deployment.at("/spec/template");
    }

    JsonNode pod() {
      return deployment.at("/spec/template/spec");
    }

    long generation() {
      return deployment.at("/metadata/generation").asLong();
    }

    long grace() {
      return pod().path("terminationGracePeriodSeconds").asLong();
    }

    JsonNode container(String name) {
      for (JsonNode container : pod().path("containers")) {
        if (container.path("name").asText().equals(name)) {
          return container;
        }
      }
      throw new AssertionError("no container " + name + " in " + pod());
    }

    /** The preStop hook of the container, as JSON; empty if it has none. */
    String preStop(String container) {
      JsonNode hook = container(container).at("/lifecycle/preStop");
      return hook.isMissingNode() ? "" : hook.toString();
    }

    /** The managers of those managedFields entries that name the field anywhere. */
    List<String> ownersOf(String field) {
      return StreamSupport.stream(deployment.at("/metadata/managedFields").spliterator(), false)
          .filter(entry -> entry.path("fieldsV1").toString().contains("\"f:" + field + "\""))
          .map(entry -> entry.path("manager").asText())
          .toList();
    }
  }

  // ---------------------------------------------------------------- kubectl

  /** What the owner's tool said. */
  record Answer(int exitCode, String output) {

    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Runs kubectl in the namespace. */
  Answer kubectl(String... arguments) {
    return withInput("", arguments);
  }

  /** Lets kubectl apply the manifest; fails if it cannot. */
  void applied(String manifest, String... options) {
    List<String> arguments = new ArrayList<>(List.of("apply", "-f", "-"));
    arguments.addAll(List.of(options));
    succeed(withInput(manifest, arguments.toArray(String[]::new)));
  }

  static void succeed(Answer answer) {
    assertThat(answer.exitCode()).as(answer.output()).isZero();
  }

  /** Runs kubectl in the namespace, with something to read. */
  Answer withInput(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    installed.forEach(manifest -> withInput(manifest, "delete", "--wait=false", "-f", "-"));
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
