package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whatever else a cluster has to say: the row tells it, owners are not held up, nothing spins. */
@ExtendWith(OperatorExtension.class)
final class OddClusterIT {

  private static final Policy ON_ROLLOUT = new Policy(Apply.OnRollout, 1, 40);
  private static final Policy IMMEDIATELY = new Policy(Apply.Immediately, 1, 40);
  private static final int SLEEP_SECONDS = 2;
  private static final Duration SOON = Progress.PATIENCE;

  private static final String QUOTA = "no-room-for-a-third";
  private static final Path CAP_GRACE = Path.of("src/test/resources/e2e/cap-grace.yaml");
  private static final String CAPPED = "our pods end within 30 seconds";
  private static final String TOO_LONG =
      "{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":31}}}}";

  private final Suite suite;

  OddClusterIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void valuesThatAnotherAdmissionPolicyRefusesMakeNoOwnersWriteFail() throws IOException {
    String namespace = "e2e-odd-capped";
    App app = deploy(namespace, OwnersYaml.of("app"));
    App newer = suite.app(namespace, "newer");
    String cap = Files.readString(CAP_GRACE).replace("NAMESPACE", namespace);
    app.kubectlWith(cap, "apply", "-f", "-");
    try {
      suite.progress().until("a long grace period to be refused", SOON, () -> refusesLong(app));
      App.State before = app.state();

      app.kubectlWith(ON_ROLLOUT.yaml(), "apply", "-f", "-");

      assertThat(app.word().awaitReason(suite.progress(), "WriteRefused", SOON).message())
          .contains(CAPPED);
      suite.progress().until("the policy's status", SOON, () -> saysNoOfNew(namespace));
      assertThat(app.state()).isEqualTo(before);

      app.restart();
      newer.kubectlWith(OwnersYaml.of("newer").toString(), "apply", "-f", "-");
      app.awaitRolledOut();
      newer.awaitRolledOut();

      newer.word().awaitReason(suite.progress(), "WriteRefused", SOON);
      if (Requests.areKnown()) {
        int begin = requestsAbout(app, newer);
        Progress.sleep(Duration.ofMinutes(1));
        // One dry run of each, and a second one for those whose first was earlier.
        assertThat(requestsAbout(app, newer) - begin).isBetween(1, 4);
      }
      for (App each : List.of(app, newer)) {
        assertThat(each.sleepSeconds()).isZero();
        assertThat(each.graceSeconds()).isEqualTo(30);
        assertThat(each.word().condition(OperatorStatus.PROGRAMMED).orElseThrow().reason())
            .isEqualTo("WriteRefused");
        assertThat(each.word().protection().orElseThrow().getSpec().decision()).isNull();
      }
      assertThat(app.template()).isEqualTo(before.template());
      assertThat(app.generation()).isEqualTo(before.generation() + 1);
      assertThat(newer.generation()).isEqualTo(1);
    } finally {
      app.kubectlWith(cap, "delete", "-f", "-");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(Suite.TURNS)
  void rolloutThatAQuotaHoldsUpStopsTheQueueUntilItIsLifted() {
    Stuck it = stuckByQuota("e2e-odd-quota");
    Condition stuck = it.first().word().condition(OperatorStatus.PROGRAMMED).orElseThrow();
    Condition stopped = it.second().word().condition(OperatorStatus.PROGRAMMED).orElseThrow();

    assertThat(stuck.message()).contains("exceeded quota: " + QUOTA);
    assertThat(stopped.message()).contains("app-1").contains("exceeded quota: " + QUOTA);
    assertThat(it.second().generation()).isEqualTo(1);

    it.first().kubectl("delete", "quota", QUOTA);

    for (App each : List.of(it.first(), it.second())) {
      each.word().awaitReason(suite.progress(), "Programmed", Progress.PATIENCE);
      assertThat(each.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
      assertThat(each.generation()).isEqualTo(2);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(Suite.TURNS)
  void editedPolicyTakesBackWhatDoesNotComeToItsEnd() {
    Stuck it = stuckByQuota("e2e-odd-edited");

    it.first()
        .kubectl(
            "patch",
            "gracefulpolicies.graceful.dev",
            Policy.NAME,
            "--type=merge",
            "--patch={\"spec\":{\"propagationSeconds\":0,\"drainSeconds\":30}}");

    for (App each : List.of(it.first(), it.second())) {
      each.word().awaitReason(suite.progress(), "AlreadyGraceful", SOON);
      assertThat(each.template()).isEqualTo(it.templates().get(each));
      assertThat(each.isSettled()).isTrue();
    }
    assertThat(it.second().generation()).isEqualTo(1);
  }

  /** Two Deployments; the first does not come to its end, as no pod more than theirs is allowed. */
  private record Stuck(App first, App second, Map<App, String> templates) {}

  private Stuck stuckByQuota(String namespace) {
    App first = deploy(namespace, OwnersYaml.of("app-1"));
    App second = suite.app(namespace, "app-2");
    second.kubectlWith(OwnersYaml.of("app-2").toString(), "apply", "-f", "-");
    second.awaitRolledOut();
    Map<App, String> templates = Map.of(first, first.template(), second, second.template());
    first.kubectl("create", "quota", QUOTA, "--hard=pods=2");

    first.kubectlWith(IMMEDIATELY.yaml(), "apply", "-f", "-");

    first.word().awaitReason(suite.progress(), "RolloutStuck", SOON);
    second.word().awaitReason(suite.progress(), "QueueStopped", SOON);
    return new Stuck(first, second, templates);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(Suite.TURNS)
  void pausedDeploymentIsWrittenWhenItResumes() {
    App app = deploy("e2e-odd-paused", OwnersYaml.of("app"));
    app.kubectl("rollout", "pause", "deployment", app.name());
    String before = app.template();

    app.kubectlWith(IMMEDIATELY.yaml(), "apply", "-f", "-");
    app.word().awaitReason(suite.progress(), "DeploymentPaused", SOON);
    suite.settle();
    assertThat(app.template()).isEqualTo(before);

    app.kubectl("rollout", "resume", "deployment", app.name());
    app.word().awaitReason(suite.progress(), "Programmed", SOON);
    assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
    assertThat(app.isSettled()).isTrue();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void namespaceOnItsWayOutIsLeftInPeace() {
    String namespace = "e2e-odd-terminating";
    App pending = deploy(namespace, OwnersYaml.of("pending"));
    App programmed = suite.app(namespace, "programmed");
    pending.kubectlWith(ON_ROLLOUT.yaml(), "apply", "-f", "-");
    suite
        .progress()
        .until(
            "the policy to protect new Deployments",
            SOON,
            () -> ON_ROLLOUT.protectsNewDeployments(suite.cluster(), namespace));
    programmed.kubectlWith(OwnersYaml.of("programmed").toString(), "apply", "-f", "-");
    programmed.awaitRolledOut();
    pending.word().awaitReason(suite.progress(), "PendingRollout", SOON);
    programmed.word().awaitReason(suite.progress(), "Programmed", SOON);
    // Keeps the namespace from going, for as long as the operator may want something of it.
    pending.kubectl("create", "configmap", "kept");
    pending.kubectl(
        "patch",
        "configmap",
        "kept",
        "--patch={\"metadata\":{\"finalizers\":[\"graceful.dev/e2e\"]}}");
    Instant begin = Instant.now();

    pending.kubectl("delete", "namespace", namespace, "--wait=false");
    Progress.sleep(Duration.ofSeconds(20));
    pending.kubectl("patch", "configmap", "kept", "--patch={\"metadata\":{\"finalizers\":null}}");

    suite
        .progress()
        .until(
            "the namespace to go",
            Progress.PATIENCE,
            () -> suite.cluster().client().namespaces().withName(namespace).get() == null);
    // A write may cross the deletion, but it is not tried again and again.
    assertThat(suite.operatorPod().complaints(begin, namespace)).hasSizeLessThan(3);
  }

  private boolean saysNoOfNew(String namespace) {
    GracefulPolicy policy =
        Objects.requireNonNull(
            suite
                .cluster()
                .client()
                .resources(GracefulPolicy.class)
                .inNamespace(namespace)
                .withName(Policy.NAME)
                .get());
    return policy.getStatus() != null
        && Boolean.FALSE.equals(policy.getStatus().protectsNewDeployments());
  }

  private static int requestsAbout(App... apps) {
    return Stream.of(apps).mapToInt(app -> Requests.about(app).size()).sum();
  }

  private static boolean refusesLong(App app) {
    try {
      app.kubectl("patch", "deployment", app.name(), "--dry-run=server", "--patch=" + TOO_LONG);
      return false;
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage()).contains(CAPPED);
    }
  }

  private App deploy(String namespace, OwnersYaml yaml) {
    suite.cluster().createNamespace(namespace);
    App app = suite.app(namespace, yaml.name());
    app.kubectlWith(yaml.toString(), "apply", "-f", "-");
    app.awaitRolledOut();
    return app;
  }
}
