package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Whatever ends a policy's rule over a Deployment, the template becomes what its owner wrote, byte
 * for byte, and nothing of ours is left.
 */
@ExtendWith(OperatorExtension.class)
final class GivingBackIT {

  private static final Policy ON_ROLLOUT = new Policy(Apply.OnRollout, 1, 40);
  private static final Policy IMMEDIATELY = new Policy(Apply.Immediately, 1, 40);
  private static final int SLEEP_SECONDS = 2;
  private static final int GRACE_SECONDS = 42;
  private static final String APP = "app";
  private static final Duration SOON = Progress.PATIENCE;

  /** A policy that is deleted and made anew within this time has never been away. */
  private static final Duration MAY_COME_BACK = Duration.ofSeconds(60);

  private final Suite suite;

  GivingBackIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  void policyDeleted() {
    Protected it = protect("e2e-back-deleted", OwnersYaml.of(APP));

    it.app().kubectl("delete", "gracefulpolicies.graceful.dev", Policy.NAME);

    goesBackWithTheOwnersNextRollout(it);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  void selectorChanged() {
    Protected it =
        protect(
            "e2e-back-selector",
            OwnersYaml.of(APP).andInContainer("lifecycle: {postStart: {sleep: {seconds: 1}}}"));

    it.app()
        .kubectl(
            "patch",
            "gracefulpolicies.graceful.dev",
            Policy.NAME,
            "--type=merge",
            "--patch={\"spec\":{\"selector\":{\"matchLabels\":{\"tier\":\"other\"}}}}");

    goesBackWithTheOwnersNextRollout(it);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  void labelChanged() {
    Protected it = protect("e2e-back-label", OwnersYaml.of(APP).andInContainer("lifecycle: {}"));

    it.app().kubectl("label", "deployment", APP, "tier=other", "--overwrite");

    goesBackWithTheOwnersNextRollout(it);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  void skipped() {
    Protected it = protect("e2e-back-skipped", OwnersYaml.of(APP));

    it.app().kubectl("label", "deployment", APP, "graceful.dev/skip=true");

    goesBackWithTheOwnersNextRollout(it);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  void precedenceLostToAnOlderPolicyThatWantsNothing() {
    String namespace = "e2e-back-precedence";
    suite.cluster().createNamespace(namespace);
    App app = suite.app(namespace, APP);
    app.kubectlWith(
        """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata:
          name: older
        spec:
          selector: {matchLabels: {tier: other}}
          propagationSeconds: 0
          drainSeconds: 30
        """,
        "apply",
        "-f",
        "-");
    Progress.sleep(Duration.ofSeconds(1));
    Protected it = protectIn(app, OwnersYaml.of(APP));

    app.kubectl(
        "patch",
        "gracefulpolicies.graceful.dev",
        "older",
        "--type=merge",
        "--patch={\"spec\":{\"selector\":{\"matchLabels\":{\"tier\":\"web\"}}}}");

    suite
        .progress()
        .until(
            "the older policy to govern",
            SOON,
            () -> app.word().protection().orElseThrow().getSpec().policy().name().equals("older"));
    App.State before = app.state();
    assertThat(before).isEqualTo(it.state());
    suite.progress().until("no decision", SOON, () -> decisionIsGone(app));
    app.restart();
    app.awaitRolledOut();
    app.word().awaitReason(suite.progress(), "AlreadyGraceful", SOON);
    assertThat(app.template()).isEqualTo(it.ownersTemplate());
    assertThat(app.generation()).isEqualTo(before.generation() + 1);
  }

  @Test
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ_WRITE)
  void policyDeletedWhileTheOperatorWasAway() {
    Protected it = protect("e2e-back-away", OwnersYaml.of(APP));

    suite.operatorPod().stop(suite.progress());
    try {
      it.app().kubectl("delete", "gracefulpolicies.graceful.dev", Policy.NAME);
      // Nobody has decided anything else yet, so that the owner's rollout keeps the protection.
      it.app().restart();
      it.app().awaitRolledOut();
      assertThat(it.app().sleepSeconds()).isEqualTo(SLEEP_SECONDS);
    } finally {
      suite.operatorPod().start(suite.progress());
    }

    goesBackWithTheOwnersNextRollout(
        new Protected(it.app(), it.ownersTemplate(), it.app().state()));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = Suite.OPERATOR, mode = ResourceAccessMode.READ)
  @ResourceLock(value = Suite.TURNS, mode = ResourceAccessMode.READ_WRITE)
  void policyThatAppliesImmediatelyIsWaitedForAndThenEachGoesBackInItsTurn() {
    String namespace = "e2e-back-at-once";
    suite.cluster().createNamespace(namespace);
    List<App> apps = List.of(suite.app(namespace, "app-1"), suite.app(namespace, "app-2"));
    // So that it takes a moment to settle, and two at a time could be seen.
    apps.forEach(
        app ->
            app.kubectlWith(
                OwnersYaml.of(app.name()).withSpec("minReadySeconds: 4").toString(),
                "apply",
                "-f",
                "-"));
    apps.forEach(App::awaitRolledOut);
    List<String> ownersTemplates = apps.stream().map(App::template).toList();
    apps.getFirst().kubectlWith(IMMEDIATELY.yaml(), "apply", "-f", "-");
    apps.forEach(app -> app.word().awaitReason(suite.progress(), "Programmed", SOON));
    assertThat(apps).extracting(App::sleepSeconds).containsOnly(SLEEP_SECONDS);

    apps.getFirst().kubectl("delete", "gracefulpolicies.graceful.dev", Policy.NAME);
    long deleted = System.nanoTime();
    apps.forEach(app -> app.word().awaitReason(suite.progress(), "GivingBack", SOON));
    suite
        .progress()
        .until(
            "the first to be given back",
            MAY_COME_BACK.plus(SOON),
            () -> apps.stream().anyMatch(app -> app.sleepSeconds() == 0));
    double waitedSeconds = Progress.secondsSince(deleted);
    suite
        .progress()
        .until(
            "both to be given back",
            SOON,
            () -> {
              long back = apps.stream().filter(app -> app.sleepSeconds() == 0).count();
              assertThat(apps.stream().filter(app -> !app.isSettled()))
                  .as("%d of them are given back, those that are being rolled", back)
                  .hasSizeLessThan(2);
              return back == 2;
            });
    apps.forEach(app -> app.awaitNoProtection(suite.progress()));

    assertThat(waitedSeconds).isGreaterThan((double) MAY_COME_BACK.toSeconds() - 1);
    assertThat(apps).extracting(App::template).isEqualTo(ownersTemplates);
    assertThat(apps).extracting(App::generation).containsOnly(3L);
  }

  /** An app that has our values, by its owner's rollout. */
  private record Protected(App app, String ownersTemplate, App.State state) {}

  private Protected protect(String namespace, OwnersYaml yaml) {
    suite.cluster().createNamespace(namespace);
    return protectIn(suite.app(namespace, yaml.name()), yaml);
  }

  private Protected protectIn(App app, OwnersYaml yaml) {
    app.kubectlWith(yaml.toString(), "apply", "-f", "-");
    app.awaitRolledOut();
    String ownersTemplate = app.template();
    app.kubectlWith(ON_ROLLOUT.yaml(), "apply", "-f", "-");
    app.word().awaitReason(suite.progress(), "PendingRollout", SOON);
    app.restart();
    app.awaitRolledOut();
    app.word().awaitReason(suite.progress(), "Programmed", SOON);
    assertThat(app.sleepSeconds()).isEqualTo(SLEEP_SECONDS);
    assertThat(app.graceSeconds()).isEqualTo(GRACE_SECONDS);
    app.awaitOnePod(suite.progress());
    return new Protected(app, ownersTemplate, app.state());
  }

  private void goesBackWithTheOwnersNextRollout(Protected it) {
    App app = it.app();
    app.word().awaitReason(suite.progress(), "GivingBack", SOON);
    suite.progress().until("no decision", SOON, () -> decisionIsGone(app));
    assertThat(app.generation()).isEqualTo(it.state().generation());
    assertThat(app.template()).isEqualTo(it.state().template());

    app.restart();
    app.awaitNoProtection(suite.progress());
    app.awaitRolledOut();

    assertThat(app.template()).isEqualTo(it.ownersTemplate());
    assertThat(app.generation()).isEqualTo(it.state().generation() + 1);
    assertThat(app.revisions()).isEqualTo(it.state().revisions() + 1);
  }

  private static boolean decisionIsGone(App app) {
    return app.word().protection().orElseThrow().getSpec().decision() == null;
  }
}
