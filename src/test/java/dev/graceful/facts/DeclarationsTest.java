package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody declares, as the facts of a Deployment tell it. */
class DeclarationsTest {

  private static final String ALL_OF_APP =
      """
      {"f:terminationGracePeriodSeconds": {}, "f:containers": {"k:{\\"name\\":\\"app\\"}":
        {"f:lifecycle": {"f:preStop": {"f:sleep": {"f:seconds": {}}}}, "f:readinessProbe": {}}}}
      """;

  private static final String FILE =
      """
      {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 36, "containers": [
        {"name": "app", "lifecycle": {"preStop": {"sleep": {"seconds": 6}}},
         "readinessProbe": {"tcpSocket": {"port": 8080}}},
        {"name": "side", "image": "shop/side:1"}]}}}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"helm", "argocd-controller", "kubectl-client-side-apply", "kubectl-edit"})
  void whoeverUpdatesDeclares(String manager) {
    assertThat(declared(facts(null, manager, "Update", ALL_OF_APP)))
        .isEqualTo("grace app:sleep,probe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm", "kubectl", "flux"})
  void whoeverAppliesDeclares(String manager) {
    assertThat(declared(facts(null, manager, "Apply", ALL_OF_APP)))
        .isEqualTo("grace app:sleep,probe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubectl", "kubectl-rollout", "graceful-operator"})
  void neitherAnUndoNorTheOperatorDeclares(String manager) {
    assertThat(declared(facts(null, manager, "Update", ALL_OF_APP))).isEmpty();
  }

  @Test
  void theFileThatWasAppliedDeclares() {
    assertThat(declared(facts(FILE, "kubectl", "Update", "{}"))).isEqualTo("grace app:sleep,probe");
  }

  @Test
  void anotherContainersHookIsNotThisOnes() {
    // given
    String other = ALL_OF_APP.replace("app", "side").replace("Seconds", "Minutes");

    // then
    assertThat(declared(facts(FILE.replace("\"app\"", "\"x\""), "helm", "Update", "{}")))
        .isEqualTo("grace");
    assertThat(declared(facts(null, "helm", "Update", other))).isEqualTo(" side:sleep,probe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "preStop terminationGracePeriodSeconds",
        "[]",
        "null",
        "{\"spec\": \"preStop\"}",
        "{\"spec\": {\"template\": {\"spec\": {\"containers\": {\"name\": \"app\"}}}}}",
      })
  void aFileThatCannotBeReadDeclaresNothing(String text) {
    assertThat(declared(facts(text, "kubectl", "Update", "{}"))).isEmpty();
  }

  @Test
  void anUndoIsToldByTheLatestWrite() {
    // given
    String entry =
        "{manager: %s, operation: Update, time: '2026-03-01T12:00:%sZ', subresource: '%s'}";
    String before = entry.formatted("helm", "01", "");
    String undo = entry.formatted("kubectl", "02", "");
    String status = entry.formatted("kube-controller-manager", "03", "status");
    String after = entry.formatted("helm", "04", "");

    // then
    assertThat(undone(before, undo)).isTrue();
    assertThat(undone(before, undo, status)).isTrue();
    assertThat(undone(undo, after)).isFalse();
    assertThat(undone(before)).isFalse();
    assertThat(undone()).isFalse();
    assertThat(undone(undo.replace("Update", "Apply"))).isFalse();
  }

  private static boolean undone(String... entries) {
    return DeploymentFacts.from(
            Serialization.unmarshal(
                "metadata: {namespace: shop, name: web, managedFields: ["
                    + String.join(", ", entries)
                    + "]}\nspec: {template: {spec: {containers: []}}}",
                Deployment.class))
        .undone();
  }

  /** All that is declared, in a few words. */
  private static String declared(DeploymentFacts facts) {
    var words = new StringBuilder(facts.graceDeclared() ? "grace" : "");
    for (TemplateContainer container : facts.containers()) {
      if (container.preStopDeclared() || container.readinessDeclared()) {
        words
            .append(" ")
            .append(container.name())
            .append(container.preStopDeclared() ? ":sleep" : ":")
            .append(container.readinessDeclared() ? ",probe" : "");
      }
    }
    return words.toString();
  }

  private static DeploymentFacts facts(
      @Nullable String lastApplied, String manager, String operation, String fields) {
    Deployment deployment =
        Serialization.unmarshal(
            """
            metadata:
              namespace: shop
              name: web
              annotations: {}
              managedFields:
              - manager: %s
                operation: %s
                fieldsV1: {"f:spec": {"f:template": {"f:spec": %s}}}
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: 36
                  containers:
                  - name: app
                    lifecycle: {preStop: {sleep: {seconds: 6}}}
                    readinessProbe: {tcpSocket: {port: 8080}}
                  - name: side
            """
                .formatted(manager, operation, fields.replace("\n", " ")),
            Deployment.class);
    if (lastApplied != null) {
      deployment
          .getMetadata()
          .getAnnotations()
          .put("kubectl.kubernetes.io/last-applied-configuration", lastApplied);
    }
    return DeploymentFacts.from(deployment);
  }
}
