package dev.graceful.chart;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Kubernetes objects out of a file with many documents.
 *
 * @param documents the text of each, in the same order
 */
record Manifest(List<HasMetadata> objects, List<String> documents) {

  static final KubernetesSerialization YAML = new KubernetesSerialization();

  static Manifest parse(String text) {
    List<String> documents =
        Arrays.stream(text.split("(?m)^---\\s*$", -1))
            // A template that is switched off leaves a comment behind.
            .filter(document -> document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#")))
            .toList();
    return new Manifest(
        documents.stream().map(d -> (HasMetadata) YAML.unmarshal(d)).toList(), documents);
  }

  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The only object of this kind. */
  <T extends HasMetadata> T only(Class<T> type) {
    List<T> all = all(type);
    if (all.size() != 1) {
      throw new AssertionError("expected one " + type.getSimpleName() + ", got " + all);
    }
    return all.getFirst();
  }

  ClusterRole clusterRole(String name) {
    return all(ClusterRole.class).stream()
        .filter(role -> role.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no ClusterRole " + name));
  }

  PodTemplateSpec pod() {
    return only(Deployment.class).getSpec().getTemplate();
  }

  Container container() {
    List<Container> containers = pod().getSpec().getContainers();
    if (containers.size() != 1) {
      throw new AssertionError("expected one container, got " + containers);
    }
    return containers.getFirst();
  }

  /** The rules of all roles. */
  Stream<PolicyRule> rules() {
    return Stream.concat(
        all(ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
        all(Role.class).stream().flatMap(role -> role.getRules().stream()));
  }

  /** The verbs that the rules allow, by resource: {@code pods}, {@code deployments.apps/status}. */
  static Map<String, Set<String>> verbs(Stream<PolicyRule> rules) {
    Map<String, Set<String>> verbs = new TreeMap<>();
    rules.forEach(
        rule -> {
          for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
              String[] parts = resource.split("/", 2);
              String name =
                  parts[0]
                      + (group.isEmpty() ? "" : "." + group)
                      + (parts.length == 1 ? "" : "/" + parts[1]);
              verbs.computeIfAbsent(name, n -> new TreeSet<>()).addAll(rule.getVerbs());
            }
          }
        });
    return verbs;
  }
}
