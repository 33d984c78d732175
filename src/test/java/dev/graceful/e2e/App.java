package dev.graceful.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A Deployment in its owner's hands, who has kubectl. */
record App(KubernetesClient client, String namespace, String name) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESTARTED = "kubectl.kubernetes.io/restartedAt";

  OperatorStatus word() {
    return new OperatorStatus(client, namespace, name);
  }

  /** Runs kubectl in the app's namespace. */
  String kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** Runs kubectl in the app's namespace with something to read. */
  String kubectlWith(String input, String... arguments) {
    var command = new ArrayList<String>(List.of("kubectl", "-n", namespace));
    command.addAll(List.of(arguments));
    return CommandLine.run(command, input);
  }

  /** The owner's own rollout. */
  void restart() {
    kubectl("rollout", "restart", "deployment", name);
  }

  void awaitRolledOut() {
    kubectl("rollout", "status", "deployment", name, "--timeout=15m");
  }

  /** Also the pods that are ending are gone. */
  void awaitOnePod(Progress progress) {
    progress.until(
        "one pod of " + name + " in " + namespace, Progress.PATIENCE, () -> pods().size() == 1);
  }

  /** As {@code kubectl rollout status} sees it. */
  boolean isSettled() {
    JsonNode deployment = json();
    JsonNode status = deployment.path("status");
    int replicas = deployment.path("spec").path("replicas").asInt();
    return status.path("observedGeneration").asLong()
            >= deployment.path("metadata").path("generation").asLong()
        && status.path("updatedReplicas").asInt() == replicas
        && status.path("replicas").asInt() == replicas
        && status.path("availableReplicas").asInt() == replicas;
  }

  private JsonNode json() {
    String path = "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name;
    try {
      return JSON.readTree(client.raw(path));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pod template, letter by letter, but for the mark that a restart leaves. */
  String template() {
    JsonNode template = json().path("spec").path("template");
    if (template.path("metadata") instanceof ObjectNode metadata
        && metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(RESTARTED);
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
    }
    return template.toPrettyString();
  }

  /** What the pod template says of the pods: its first container. */
  JsonNode container() {
    return json().path("spec").path("template").path("spec").path("containers").path(0);
  }

  /** The seconds of the first container's preStop sleep; 0: none. */
  int sleepSeconds() {
    return container().path("lifecycle").path("preStop").path("sleep").path("seconds").asInt();
  }

  int graceSeconds() {
    return json()
        .path("spec")
        .path("template")
        .path("spec")
        .path("terminationGracePeriodSeconds")
        .asInt();
  }

  long generation() {
    return json().path("metadata").path("generation").asLong();
  }

  /** How many revisions there are in its history. */
  int revisions() {
    return client
        .apps()
        .replicaSets()
        .inNamespace(namespace)
        .withLabel("app", name)
        .list()
        .getItems()
        .size();
  }

  /** The uids of its pods. */
  Set<String> pods() {
    return client.pods().inNamespace(namespace).withLabel("app", name).list().getItems().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  /** What a rollout would change, in one value to compare. */
  record State(Set<String> pods, long generation, int revisions, String template) {}

  State state() {
    return new State(pods(), generation(), revisions(), template());
  }

  void awaitNoProtection(Progress progress) {
    progress.until(
        "the protection of " + name + " in " + namespace + " to go",
        Progress.PATIENCE,
        () -> word().protection().isEmpty());
  }
}
