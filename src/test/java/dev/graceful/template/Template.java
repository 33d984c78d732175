package dev.graceful.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import dev.graceful.template.Change.ReadinessChange;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment as the API server keeps it, defaults filled in, so that a change and its undoing can
 * be compared byte for byte.
 */
record Template(JsonNode deployment, DeploymentFacts facts) {

  private static final String GRACE = "terminationGracePeriodSeconds";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Template(JsonNode deployment) {
    this(
        deployment,
        DeploymentFacts.from(Serialization.unmarshal(deployment.toString(), Deployment.class)));
  }

  static Template of(JsonNode deployment) {
    JsonNode copy = deployment.deepCopy();
    if (!pod(copy).has(GRACE)) {
      pod(copy).put(GRACE, DeploymentFacts.DEFAULT_GRACE_SECONDS);
    }
    return new Template(copy);
  }

  private static ObjectNode pod(JsonNode deployment) {
    return (ObjectNode) deployment.at("/spec/template/spec");
  }

  private static List<ObjectNode> containers(JsonNode deployment) {
    List<ObjectNode> containers = new ArrayList<>();
    pod(deployment).path("containers").forEach(c -> containers.add((ObjectNode) c));
    return containers;
  }

  /** The pod template, and nothing of who wrote it. */
  String json() {
    return deployment.at("/spec/template").toString();
  }

  List<ObjectNode> containers() {
    return containers(deployment);
  }

  ObjectNode container(String name) {
    return containers().stream()
        .filter(c -> name.equals(c.path("name").asText()))
        .findFirst()
        .orElseThrow();
  }

  long graceSeconds() {
    return pod(deployment).path(GRACE).asLong();
  }

  long longestSleep() {
    return containers().stream()
        .mapToLong(c -> c.at("/lifecycle/preStop/sleep/seconds").asLong())
        .max()
        .orElse(0);
  }

  /** What is left if all is taken away that the operator may ever write. */
  JsonNode rest() {
    JsonNode copy = deployment.deepCopy();
    ((ObjectNode) copy.path("metadata")).remove("managedFields");
    pod(copy).remove(GRACE);
    for (ObjectNode container : containers(copy)) {
      container.remove("readinessProbe");
      if (container.get("lifecycle") instanceof ObjectNode lifecycle) {
        lifecycle.remove("preStop");
        if (lifecycle.isEmpty()) {
          container.remove("lifecycle");
        }
      }
    }
    return copy;
  }

  /**
   * What the API server has after the write, and the operator has let go of it: whoever owned a
   * field that was changed owns it no more.
   */
  Template with(Change change) {
    JsonNode next = deployment.deepCopy();
    if (change.graceSeconds() != null) {
      pod(next).put(GRACE, change.graceSeconds());
      owned(next).forEach(pod -> pod.remove("f:" + GRACE));
    }
    for (OfContainer part : change.containers()) {
      for (ObjectNode pod : owned(next)) {
        JsonNode container = pod.path("f:containers").path("k:{\"name\":\"" + part.name() + "\"}");
        if (container instanceof ObjectNode fields) {
          if (part.preStop() != null) {
            fields.remove("f:lifecycle");
          }
          if (part.readiness() != null) {
            fields.remove("f:readinessProbe");
          }
        }
      }
    }
    for (ObjectNode container : containers(next)) {
      change.containers().stream()
          .filter(part -> part.name().equals(container.path("name").asText()))
          .forEach(part -> write(part, container));
    }
    return new Template(next);
  }

  /** What each manager owns of the pod template's spec. */
  private static List<ObjectNode> owned(JsonNode deployment) {
    List<ObjectNode> owned = new ArrayList<>();
    deployment
        .at("/metadata/managedFields")
        .forEach(
            entry -> {
              JsonNode pod = entry.at("/fieldsV1/f:spec/f:template/f:spec");
              if (pod instanceof ObjectNode fields) {
                owned.add(fields);
              }
            });
    return owned;
  }

  private static void write(OfContainer part, ObjectNode container) {
    switch (part.preStop()) {
      case null -> {}
      case PreStop.Sleep sleep ->
          lifecycle(container)
              .putObject("preStop")
              .putObject("sleep")
              .put("seconds", sleep.seconds());
      case PreStop.Gone gone -> lifecycle(container).remove("preStop");
      case PreStop.GoneWithLifecycle gone -> container.remove("lifecycle");
    }
    switch (part.readiness()) {
      case null -> {}
      case ReadinessChange.Given given ->
          container.set("readinessProbe", defaulted(JSON.valueToTree(given.probe())));
      case ReadinessChange.Taken taken -> container.remove("readinessProbe");
    }
  }

  static ObjectNode lifecycle(ObjectNode container) {
    return container.get("lifecycle") instanceof ObjectNode lifecycle
        ? lifecycle
        : container.putObject("lifecycle");
  }

  private static ObjectNode defaulted(ObjectNode probe) {
    ObjectNode defaults = JSON.createObjectNode();
    defaults.put("periodSeconds", 10).put("timeoutSeconds", 1).put("failureThreshold", 3);
    defaults.put("successThreshold", 1);
    defaults.properties().stream()
        .filter(e -> !probe.has(e.getKey()))
        .forEach(e -> probe.set(e.getKey(), e.getValue()));
    if (probe.get("httpGet") instanceof ObjectNode get && !get.has("scheme")) {
      get.put("scheme", "HTTP");
    }
    if (probe.get("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
      grpc.put("service", "");
    }
    return probe;
  }

  /** A change in a few words, one line each. */
  static List<String> lines(Change change) {
    List<String> lines = new ArrayList<>();
    Optional.ofNullable(change.graceSeconds()).ifPresent(s -> lines.add("grace period " + s));
    for (OfContainer part : change.containers()) {
      switch (part.preStop()) {
        case null -> {}
        case PreStop.Sleep sleep -> lines.add(part.name() + ": sleep " + sleep.seconds());
        case PreStop.Gone gone -> lines.add(part.name() + ": no preStop");
        case PreStop.GoneWithLifecycle gone -> lines.add(part.name() + ": no lifecycle");
      }
      switch (part.readiness()) {
        case null -> {}
        case ReadinessChange.Given given -> lines.add(part.name() + ": readinessProbe");
        case ReadinessChange.Taken taken -> lines.add(part.name() + ": no readinessProbe");
      }
    }
    return lines;
  }
}
