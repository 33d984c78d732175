package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A policy's readiness probe is given to an app that has none, once a running pod has passed it.
 */
@ExtendWith(OperatorExtension.class)
final class ReadinessIT {

  private static final String APP = "app";
  private static final int SLEEP_SECONDS = 2;
  private static final int PORT = 8080;
  private static final Duration SOON = Progress.PATIENCE;

  private final Suite suite;

  ReadinessIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void isGivenWithTheOwnersRolloutAndTakenBackWithThePolicy() {
    App app = deploy("e2e-readiness-given", OwnersYaml.withoutProbe(APP));
    App.State before = app.state();

    app.kubectlWith(policy("/ready"), "apply", "-f", "-");
    app.word().awaitReason(suite.progress(), "PendingRollout", SOON);
    assertThat(app.state()).isEqualTo(before);
    app.restart();
    app.awaitRolledOut();
    app.word().awaitReason(suite.progress(), "Programmed", SOON);

    var probe = app.container().path("readinessProbe");
    assertThat(probe.path("httpGet").path("path").asText()).isEqualTo("/ready");
    assertThat(probe.path("httpGet").path("port").asInt()).isEqualTo(PORT);
    assertThat(probe.path("periodSeconds").asInt()).isEqualTo(3);
    assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
    assertThat(app.generation()).isEqualTo(before.generation() + 1);

    app.kubectl("delete", "gracefulpolicies.graceful.dev", Policy.NAME);
    app.word().awaitReason(suite.progress(), "GivingBack", SOON);
    app.restart();
    app.awaitNoProtection(suite.progress());

    assertThat(app.template()).isEqualTo(before.template());
    assertThat(app.generation()).isEqualTo(before.generation() + 2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void thatARunningPodFailsIsNotGivenAndTheSleepIsAllTheSame() {
    App app = deploy("e2e-readiness-failed", OwnersYaml.withoutProbe(APP));

    app.kubectlWith(policy("/nowhere"), "apply", "-f", "-");
    Condition before = awaitAnswer(app, "404");
    app.restart();
    app.awaitRolledOut();
    suite.progress().until("the sleep", SOON, () -> app.sleepSeconds() == SLEEP_SECONDS);
    Condition after = awaitAnswer(app, "404");

    assertThat(List.of(before, after))
        .allSatisfy(condition -> assertThat(condition.reason()).isEqualTo("ReadinessUnproven"));
    assertThat(app.container().has("readinessProbe")).isFalse();
    assertThat(app.revisions()).isEqualTo(2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void ownProbeIsNeverTouched() {
    App app = deploy("e2e-readiness-own", OwnersYaml.of(APP));
    String own = app.container().path("readinessProbe").toString();

    app.kubectlWith(policy("/work"), "apply", "-f", "-");
    app.word().awaitReason(suite.progress(), "PendingRollout", SOON);
    app.restart();
    app.awaitRolledOut();
    app.word().awaitReason(suite.progress(), "Programmed", SOON);

    assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
    assertThat(app.container().path("readinessProbe").toString()).isEqualTo(own);
  }

  /** A pod without a probe counts as ready before it listens, and is asked again after that. */
  private Condition awaitAnswer(App app, String answer) {
    return suite
        .progress()
        .await(
            "the answer " + answer + " of a pod in " + app.namespace(),
            SOON,
            () ->
                app.word()
                    .condition(OperatorStatus.PROGRAMMED)
                    .filter(condition -> condition.message().contains(answer)));
  }

  private App deploy(String namespace, OwnersYaml yaml) {
    suite.cluster().createNamespace(namespace);
    App app = suite.app(namespace, yaml.name());
    app.kubectlWith(yaml.toString(), "apply", "-f", "-");
    app.awaitRolledOut();
    return app;
  }

  private static String policy(String path) {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata:
          name: web
        spec:
          selector: {matchLabels: {tier: web}}
          propagationSeconds: 1
          drainSeconds: 40
          readinessProbe: {httpGet: {path: %s, port: http}, periodSeconds: 3}
        """
        .formatted(path);
  }
}
