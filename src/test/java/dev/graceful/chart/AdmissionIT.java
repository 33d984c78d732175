package dev.graceful.chart;

import static dev.graceful.chart.AdmissionCluster.manifest;
import static dev.graceful.chart.AdmissionCluster.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.chart.AdmissionCluster.Answer;
import dev.graceful.chart.AdmissionCluster.Observed;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the chart's admission policies make of owners' writes, on a real API server. The owners'
 * tool is the real kubectl, as field ownership is decided by how it writes.
 */
class AdmissionIT {

  private static final String SLEEP_6 = "{\"sleep\":{\"seconds\":6}}";
  private static final String EXEC = "{\"exec\":{\"command\":[\"sleep\",\"5\"]}}";
  private static final String BEFORE = "before: {terminationGracePeriodSeconds: 30}\n";
  private static final String SIX =
      "{containers: [app], sleepSeconds: 6, terminationGracePeriodSeconds: 36}";
  private static final String ELEVEN =
      "{containers: [app], sleepSeconds: 11, terminationGracePeriodSeconds: 41}";
  private static final String PROTECTED = "apply: OnRollout\ndecision: " + SIX + "\n" + BEFORE;
  private static final String TO_BE_REFRESHED =
      "apply: OnRollout\ndecision: " + ELEVEN + "\nearlier: [" + SIX + "]\n" + BEFORE;
  private static final String TO_BE_GIVEN_BACK =
      "apply: OnRollout\nearlier: [" + SIX + "]\n" + BEFORE;

  private static AdmissionCluster cluster;

  @BeforeAll
  static void thePoliciesAreInForce() {
    cluster = new AdmissionCluster();
    cluster.enforce();
  }

  @AfterAll
  static void allIsGoneAfterwards() {
    cluster.close();
  }

  // ---------------------------------------------------------------- what owners do

  @Nested
  class WhenTheOwnerWrites {

    @Test
    void nothingHappensAsLongAsTheTemplateStays() {
      // given
      String name = "unchanged";
      Observed before = created(name, PROTECTED);

      // when
      cluster.applied(manifest(name));
      succeed(cluster.kubectl("scale", "deployment", name, "--replicas=1"));
      succeed(cluster.kubectl("scale", "deployment", name, "--replicas=0"));
      succeed(cluster.kubectl("label", "deployment", name, "some=label"));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.template()).isEqualTo(before.template());
      assertThat(after.revisions()).isEqualTo(1);
      // Each change of the number of replicas is one, as always.
      assertThat(after.generation()).isEqualTo(before.generation() + 2);
    }

    static Stream<Arguments> rollouts() {
      return Stream.of(
          arguments("restart", (Change) n -> cluster.kubectl("rollout", "restart", "deploy/" + n)),
          arguments("image", (Change) n -> cluster.kubectl("set", "image", "deploy/" + n, "app=2")),
          arguments("env", (Change) n -> cluster.kubectl("set", "env", "deploy/" + n, "A=b")),
          arguments("apply", (Change) n -> cluster.withInput(newImage(n), "apply", "-f", "-")),
          arguments("edit", (Change) n -> cluster.kubectl("patch", "deploy/" + n, "-p", LABEL)),
          arguments(
              "json",
              (Change)
                  n ->
                      cluster.kubectl(
                          "patch",
                          "deploy/" + n,
                          "--type=json",
                          "-p",
                          "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/image\", \"value\": \"2\"}]")),
          arguments(
              "ssa",
              (Change)
                  n ->
                      cluster.withInput(
                          newImage(n), "apply", "--server-side", "--force-conflicts", "-f", "-")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rollouts")
    void theValuesAreThereInTheSameRevision(String how, Change change) {
      // given
      String name = "rollout-" + how;
      Observed before = created(name, PROTECTED);

      // when
      succeed(change.of(name));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.grace()).isEqualTo(36);
      assertThat(after.generation()).isEqualTo(before.generation() + 1);
      assertThat(after.revisions()).isEqualTo(before.revisions() + 1);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void aReplaceByAFileWithNewImageIsOneRevision() {
      // given
      String name = "replace-image";
      created(name, PROTECTED);

      // when
      succeed(cluster.withInput(newImage(name), "replace", "-f", "-"));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.grace()).isEqualTo(36);
      assertThat(after.revisions()).isEqualTo(2);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void aReplaceByAFileWithoutTheValuesKeepsThem() {
      // given
      String name = "replace-same";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      Observed before = cluster.observed(name);

      // when
      succeed(cluster.withInput(newImage(name), "replace", "-f", "-"));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.template()).isEqualTo(before.template());
      assertThat(after.revisions()).isEqualTo(before.revisions());
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void aPutOfTheWholeObjectWithoutTheValuesIsNoNewGeneration() {
      // given
      String name = "put-same";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      Observed before = cluster.observed(name);
      var put = (ObjectNode) before.deployment().deepCopy();
      ((ObjectNode) put.at("/spec/template/spec")).remove("terminationGracePeriodSeconds");
      ((ObjectNode) put.at("/spec/template/spec/containers/0")).remove("lifecycle");

      // when
      cluster
          .client()
          .resource(Manifest.YAML.convertValue(put, Deployment.class))
          .inNamespace(cluster.namespace())
          .update();

      // then
      Observed after = cluster.observed(name);
      assertThat(after.generation()).isEqualTo(before.generation());
      assertThat(after.template()).isEqualTo(before.template());
    }

    @Test
    void anUndoToAnUnprotectedRevisionIsProtected() {
      // given
      String name = "undo";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      cluster.observed(name);

      // when
      succeed(cluster.kubectl("rollout", "undo", "deployment/" + name));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.container("app").path("image").asText()).isEqualTo("web:1");
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.grace()).isEqualTo(36);
      assertThat(after.revisions()).isEqualTo(3);
    }

    @Test
    void anUndoToAnOlderValueOfOursIsRefreshed() {
      // given
      String name = "undo-older";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      cluster.observed(name);
      protect(name, TO_BE_REFRESHED);
      succeed(cluster.kubectl("set", "image", "deploy/" + name, "app=web:3"));
      cluster.observed(name);

      // when
      succeed(cluster.kubectl("rollout", "undo", "deployment/" + name));

      // then
      Observed undone = cluster.observed(name);
      assertThat(undone.container("app").path("image").asText()).isEqualTo("web:2");
      assertThat(undone.preStop("app")).isEqualTo("{\"sleep\":{\"seconds\":11}}");
      assertThat(undone.grace()).isEqualTo(41);

      // and what an undo brought back still counts as ours
      protect(name, "apply: OnRollout\nearlier: [" + ELEVEN + ", " + SIX + "]\n" + BEFORE);
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));
      Observed after = cluster.observed(name);
      assertThat(after.container("app").has("lifecycle")).isFalse();
      assertThat(after.grace()).isEqualTo(30);
    }

    @Test
    void theOperatorsOwnWritesAreLeftAlone() {
      // given
      String name = "by-the-operator";
      created(name, PROTECTED);

      // when
      succeed(
          cluster.kubectl(
              "rollout",
              "restart",
              "deployment/" + name,
              "--as=" + AdmissionCluster.OPERATOR,
              "--as-group=system:masters"));

      // then
      assertUnprotected(cluster.observed(name));
    }
  }

  // ---------------------------------------------------------------- what owners declare

  @Nested
  class WhatTheOwnerDeclares {

    @Test
    void anOwnHookIsNotTouched() {
      // given
      String name = "own-hook";
      created(withHook(manifest(name), EXEC), name, PROTECTED);

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(EXEC);
    }

    @Test
    void anOwnSleepOfTheSameLengthIsNotTakenForOurs() {
      // given
      String name = "own-sleep";
      created(withHook(manifest(name), SLEEP_6), name, TO_BE_GIVEN_BACK);

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);
    }

    @Test
    void anOwnSleepByAnUpdateIsNotTakenForOurs() {
      // given
      String name = "own-sleep-update";
      created(name, TO_BE_GIVEN_BACK);

      // when
      succeed(
          cluster.kubectl(
              "patch",
              "deployment/" + name,
              "-p",
              "{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"app\", \"lifecycle\": {\"preStop\": "
                  + SLEEP_6
                  + "}}]}}}}"));

      // then
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void aHookThatIsMergedIntoOurSleepTakesItsPlace(String side) {
      // given
      String name = "merged-" + side;
      String[] options = options(side);
      created(manifest(name), name, PROTECTED, options);
      cluster.applied(newImage(name), options);

      // when
      Answer applied =
          cluster.withInput(withHook(newImage(name), EXEC), with(options, "apply", "-f", "-"));

      // then
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(EXEC);

      // and ours comes back when the owner's goes
      cluster.applied(newImage(name), options);
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);
    }

    @ParameterizedTest(name = "{0}: grace {1}, sleep stays: {2}")
    @CsvSource({
      "client, 16, true",
      "client, 15, false",
      "client, 4, false",
      "client, 90, true",
      "client, 30, true",
      "server, 16, true",
      "server, 15, false",
      "server, 4, false",
      "server, 90, true",
      "server, 30, true"
    })
    void anOwnGracePeriodStaysAndTheSleepOnlyIfItFits(String side, int grace, boolean sleeps) {
      // given
      String name = "grace-%s-%d".formatted(side, grace);
      String[] options = options(side);
      created(manifest(name), name, PROTECTED, options);
      cluster.applied(newImage(name), options);
      assertThat(cluster.observed(name).grace()).isEqualTo(36);

      // when
      Answer applied =
          cluster.withInput(withGrace(newImage(name), grace), with(options, "apply", "-f", "-"));

      // then
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      Observed after = cluster.observed(name);
      assertThat(after.grace()).isEqualTo(grace);
      assertThat(after.preStop("app")).isEqualTo(sleeps ? SLEEP_6 : "");
    }

    @ParameterizedTest(name = "grace {0}, sleep: {1}")
    @CsvSource({"16, true", "15, false", "4, false", "90, true"})
    void aGracePeriodByAnUpdateIsDeclaredToo(int grace, boolean sleeps) {
      // given
      String name = "grace-update-" + grace;
      created(name, PROTECTED);

      // when
      succeed(
          cluster.kubectl(
              "patch",
              "deployment/" + name,
              "-p",
              "{\"spec\": {\"template\": {\"spec\": {\"terminationGracePeriodSeconds\": %d}}}}"
                  .formatted(grace)));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.grace()).isEqualTo(grace);
      assertThat(after.preStop("app")).isEqualTo(sleeps ? SLEEP_6 : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void aContainerMayBeRenamed(String side) {
      // given
      String name = "renamed-" + side;
      String[] options = options(side);
      created(manifest(name), name, PROTECTED, options);
      cluster.applied(newImage(name), options);
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);

      // when
      Answer applied =
          cluster.withInput(
              newImage(name).replace("name: app", "name: web"), with(options, "apply", "-f", "-"));

      // then
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      Observed after = cluster.observed(name);
      assertThat(after.pod().path("containers")).hasSize(1);
      assertThat(after.preStop("web")).as("in the place of the one before").isEqualTo(SLEEP_6);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void whatFitsOnlyIntoOurGracePeriodGoesOnFitting() {
      // given
      String name = "own-sleep-in-ours";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      String sleep33 = "{\"sleep\":{\"seconds\":33}}";
      cluster.applied(withHook(newImage(name), sleep33));
      protect(name, TO_BE_GIVEN_BACK);

      // when
      Answer restarted = cluster.kubectl("rollout", "restart", "deployment/" + name);

      // then
      assertThat(restarted.exitCode()).as(restarted.output()).isZero();
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(sleep33);
      assertThat(after.grace()).isEqualTo(33);
    }
  }

  // ---------------------------------------------------------------- what was decided

  @Nested
  class WhatWasDecided {

    @Test
    void aNewDecisionReplacesAnOlderOne() {
      // given
      String name = "refreshed";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      Observed before = cluster.observed(name);
      protect(name, TO_BE_REFRESHED);

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo("{\"sleep\":{\"seconds\":11}}");
      assertThat(after.grace()).isEqualTo(41);
      assertThat(after.generation()).isEqualTo(before.generation() + 1);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void aShorterOneLowersOurGracePeriodButNotTheOwners() {
      // given
      String name = "shorter";
      created(name, TO_BE_REFRESHED);
      cluster.applied(newImage(name));
      assertThat(cluster.observed(name).grace()).isEqualTo(41);
      protect(
          name, "apply: OnRollout\ndecision: " + SIX + "\nearlier: [" + ELEVEN + "]\n" + BEFORE);

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      assertThat(cluster.observed(name).grace()).isEqualTo(36);
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);
    }

    @Test
    void noSleepMeansThatOursGoes() {
      // given
      String name = "no-sleep";
      created(name, PROTECTED);
      cluster.applied(newImage(name));
      protect(
          name,
          """
          apply: OnRollout
          decision: {containers: [app], sleepSeconds: 0, terminationGracePeriodSeconds: 60}
          earlier: [%s]
          %s"""
              .formatted(SIX, BEFORE));

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.container("app").has("lifecycle")).isFalse();
      assertThat(after.grace()).isEqualTo(60);
    }

    @Test
    void aContainerThatComesWithTheWriteGetsItToo() {
      // given
      String name = "two-containers";
      created(manifest(name), name, PROTECTED);

      // when
      cluster.applied(newImage(name) + SIDE);

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.preStop("side")).isEqualTo(SLEEP_6);
      assertThat(after.revisions()).isEqualTo(2);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void aContainerWithAHookOfItsOwnIsLeftAsItIs() {
      // given
      String name = "two-containers-one-hook";
      created(manifest(name), name, PROTECTED);

      // when
      cluster.applied(newImage(name) + SIDE_WITH_HOOK);

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.preStop("side")).isEqualTo(EXEC);
    }

    static Stream<Arguments> lifecycles() {
      return Stream.of(
          arguments("none", "", ""),
          arguments(
              "start",
              "{\"postStart\":{\"exec\":{\"command\":[\"true\"]}}}",
              ", lifecycles: [app]"),
          arguments("empty", "{}", ", lifecycles: [app]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lifecycles")
    void whatWasThereComesBackByteForByte(String which, String lifecycle, String recorded) {
      // given
      String name = "given-back-" + which;
      String manifest =
          lifecycle.isEmpty()
              ? manifest(name)
              : manifest(name)
                  .replace("image: web:1", "image: web:1\n        lifecycle: " + lifecycle);
      String before = BEFORE.replace("}", recorded + "}");
      Observed unprotected =
          created(manifest, name, "apply: OnRollout\ndecision: " + SIX + "\n" + before);
      cluster.applied(manifest.replace("web:1", "web:2"));
      Observed during = cluster.observed(name);
      protect(name, "apply: OnRollout\nearlier: [" + SIX + "]\n" + before);

      // when
      cluster.applied(manifest);

      // then
      assertThat(during.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(during.grace()).isEqualTo(36);
      assertThat(cluster.observed(name).template().toString())
          .isEqualTo(unprotected.template().toString());
    }

    /** To set the label the owner replaces the object by a file that never had our values. */
    @Test
    void aReplaceThatChangesNoTemplateRestartsNothing() {
      // given
      String name = "skipped-by-replace";
      Observed unprotected = created(name, PROTECTED);
      cluster.applied(newImage(name));
      Observed before = cluster.observed(name);
      String skipped =
          newImage(name).replaceFirst("labels: \\{", "labels: {graceful.dev/skip: \"true\", ");

      // when
      succeed(cluster.withInput(skipped, "replace", "-f", "-"));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.deployment().at("/metadata/labels").has("graceful.dev/skip")).isTrue();
      assertThat(after.template()).isEqualTo(before.template());
      assertThat(after.revisions()).isEqualTo(before.revisions());
      assertNobodyOwnsTheValues(after);

      // when
      succeed(
          cluster.withInput(
              manifest(name).replaceFirst("labels: \\{", "labels: {graceful.dev/skip: \"true\", "),
              "replace",
              "-f",
              "-"));

      // then
      assertThat(cluster.observed(name).template()).isEqualTo(unprotected.template());
    }

    @Test
    void theSkipLabelGivesBack() {
      // given
      String name = "skipped";
      Observed unprotected = created(name, PROTECTED);
      cluster.applied(newImage(name));
      succeed(cluster.kubectl("label", "deployment", name, "graceful.dev/skip=true"));

      // when
      cluster.applied(manifest(name));

      // then
      assertThat(cluster.observed(name).template()).isEqualTo(unprotected.template());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Never", "Immediately"})
    void anotherRuleWritesNothing(String apply) {
      String name = "rule-" + apply.toLowerCase(java.util.Locale.ROOT);
      created(name, PROTECTED.replace("OnRollout", apply));

      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      assertUnprotected(cluster.observed(name));
    }

    @Test
    void theProtectionOfAnotherDeploymentIsNotApplied() {
      // given
      String name = "not-mine";
      cluster.applied(manifest(name));
      cluster.protection("another", name, PROTECTED);
      // As one of an earlier Deployment of this name, which is not collected yet.
      cluster.applied(manifest("not-mine-either"));
      cluster.protection(name, "not-mine-either", PROTECTED);
      cluster.inForce();

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      assertUnprotected(cluster.observed(name));
    }
  }

  // ---------------------------------------------------------------- readiness probes

  @Nested
  class ReadinessProbes {

    private static final String PROBE =
        "readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2}, readinessContainers: [app]}";
    private static final String WITH_PROBE = SIX.replace("}", ", " + PROBE);
    private static final String WITH_OTHER_PROBE =
        ELEVEN.replace(
            "}", ", readinessProbe: {tcpSocket: {port: 8080}}, readinessContainers: [app]}");

    @Test
    void areAddedRefreshedAndGivenBack() {
      // given
      String name = "probe";
      Observed unprotected =
          created(name, "apply: OnRollout\ndecision: " + WITH_PROBE + "\n" + BEFORE);

      // when
      cluster.applied(newImage(name));
      Observed added = cluster.observed(name);
      cluster.applied(newImage(name).replace("web:2", "web:3"));
      Observed kept = cluster.observed(name);
      protect(
          name,
          "apply: OnRollout\ndecision: "
              + WITH_OTHER_PROBE
              + "\nearlier: ["
              + WITH_PROBE
              + "]\n"
              + BEFORE);
      cluster.applied(newImage(name));
      Observed refreshed = cluster.observed(name);
      protect(
          name,
          "apply: OnRollout\nearlier: [" + WITH_OTHER_PROBE + ", " + WITH_PROBE + "]\n" + BEFORE);
      cluster.applied(manifest(name));

      // then
      assertThat(added.container("app").path("readinessProbe").toString())
          .contains("\"path\":\"/ready\"", "\"port\":8080", "\"periodSeconds\":2");
      assertThat(kept.container("app").path("readinessProbe"))
          .isEqualTo(added.container("app").path("readinessProbe"));
      assertThat(refreshed.container("app").path("readinessProbe").toString())
          .contains("\"tcpSocket\":{\"port\":8080}", "\"periodSeconds\":10")
          .doesNotContain("httpGet");
      assertThat(cluster.observed(name).template()).isEqualTo(unprotected.template());
      assertNobodyOwnsTheValues(refreshed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void ofTheOwnerAreNotTouched(String side) {
      // given
      String name = "own-probe-" + side;
      String same = "readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2}";
      String manifest = manifest(name).replace("image: web:1", "image: web:1\n        " + same);
      Observed before =
          created(
              manifest,
              name,
              "apply: OnRollout\nearlier: [" + WITH_PROBE + "]\n" + BEFORE,
              options(side));

      // when
      succeed(cluster.kubectl("rollout", "restart", "deployment/" + name));

      // then
      assertThat(cluster.observed(name).pod()).isEqualTo(before.pod());
    }
  }

  // ---------------------------------------------------------------- new Deployments

  @Nested
  class NewDeployments {

    private static final String IN_FORCE =
        "{\"protectsNewDeployments\": true, \"observedGeneration\": CURRENT}";

    @ParameterizedTest
    @ValueSource(strings = {"create", "apply", "apply --server-side"})
    void areProtectedFromTheirFirstRevisionOn(String verb) {
      // given
      String name = "new-" + verb.replaceAll("[ -]+", "-");
      policy(name, selecting(name), IN_FORCE);

      // when
      succeed(
          cluster.withInput(
              manifest(name),
              Stream.concat(Stream.of(verb.split(" ")), Stream.of("-f", "-"))
                  .toArray(String[]::new)));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.grace()).isEqualTo(36);
      assertThat(after.generation()).isEqualTo(1);
      assertThat(after.revisions()).isEqualTo(1);
      assertNobodyOwnsTheValues(after);
    }

    @Test
    void keepWhatElseIsInTheirLifecycle() {
      String name = "new-lifecycle";
      policy(name, selecting(name), IN_FORCE);

      cluster.applied(
          manifest(name)
              .replace(
                  "image: web:1",
                  "image: web:1\n        lifecycle: {postStart: {exec: {command: [\"true\"]}}}"));

      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      assertThat(after.container("app").at("/lifecycle/postStart").isMissingNode()).isFalse();
    }

    @Test
    void needNoPortIfTheyHaveAReadinessProbe() {
      String name = "new-probe";
      policy(name, selecting(name), IN_FORCE);

      cluster.applied(
          manifest(name)
              .replace(
                  "ports: [{containerPort: 8080}]", "readinessProbe: {tcpSocket: {port: 80}}"));

      assertThat(cluster.observed(name).preStop("app")).isEqualTo(SLEEP_6);
    }

    @Test
    void areProtectedInEveryContainer() {
      String name = "new-two-containers";
      policy(name, selecting(name), IN_FORCE);

      cluster.applied(manifest(name) + SIDE);

      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(SLEEP_6);
      // It declares no port beside one that does.
      assertThat(after.preStop("side")).isEqualTo("{\"sleep\":{\"seconds\":8}}");
      assertThat(after.grace()).isEqualTo(38);
    }

    static Stream<Arguments> notPlain() {
      return Stream.of(
          arguments("a-hook-beside-it", (Edit) m -> m + SIDE_WITH_HOOK, ""),
          arguments(
              "no-port", (Edit) m -> m.replace("ports: [{containerPort: 8080}]", "tty: true"), ""),
          arguments("own-hook", (Edit) m -> withHook(m, EXEC), EXEC),
          arguments(
              "recreate",
              (Edit) m -> m.replace("replicas: 0", "replicas: 0\n  strategy: {type: Recreate}"),
              ""),
          arguments(
              "no-surge",
              (Edit)
                  m ->
                      m.replace(
                              "replicas: 0",
                              "replicas: 0\n  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}")
                          .replace("containerPort: 8080", "containerPort: 8080, hostPort: 8080"),
              ""),
          arguments(
              "skip",
              (Edit)
                  m ->
                      m.replace(
                          "labels: {app: not-plain-skip}\nspec",
                          "labels: {app: not-plain-skip, graceful.dev/skip: \"true\"}\nspec"),
              ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notPlain")
    void areLeftToTheOperatorIfTheCaseIsNotPlain(String which, Edit edit, String hook) {
      // given
      String name = "not-plain-" + which;
      policy(name, selecting(name), IN_FORCE);

      // when
      cluster.applied(edit.of(manifest(name)));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.preStop("app")).isEqualTo(hook);
      assertThat(after.grace()).isEqualTo(30);
    }

    static Stream<Arguments> notInForce() {
      return Stream.of(
          arguments("never", "apply: Never", IN_FORCE),
          arguments("immediately", "apply: Immediately", IN_FORCE),
          arguments("no-status", "apply: OnRollout", "{}"),
          arguments("not-said", "apply: OnRollout", "{\"observedGeneration\": CURRENT}"),
          arguments(
              "denied",
              "apply: OnRollout",
              "{\"protectsNewDeployments\": false, \"observedGeneration\": CURRENT}"),
          arguments(
              "outdated",
              "apply: OnRollout",
              "{\"protectsNewDeployments\": true, \"observedGeneration\": 0}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notInForce")
    void areLeftAloneByAPolicyThatIsNotInForce(String which, String apply, String status) {
      String name = "not-in-force-" + which;
      policy(name, selecting(name).replace("apply: OnRollout", apply), status);

      cluster.applied(manifest(name));

      assertUnprotected(cluster.observed(name));
    }

    @Test
    void ofTheOperatorAreLeftAlone() {
      String name = "new-by-the-operator";
      policy(name, selecting(name), IN_FORCE);

      cluster.applied(
          manifest(name), "--as=" + AdmissionCluster.OPERATOR, "--as-group=system:masters");

      assertUnprotected(cluster.observed(name));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "in-yes       | {matchExpressions: [{key: tier, operator: In, values: [db, web]}]}    | true",
          "in-no        | {matchExpressions: [{key: tier, operator: In, values: [db]}]}         | false",
          "in-absent    | {matchExpressions: [{key: none, operator: In, values: [web]}]}        | false",
          "notin-yes    | {matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}      | true",
          "notin-no     | {matchExpressions: [{key: tier, operator: NotIn, values: [db, web]}]} | false",
          "notin-absent | {matchExpressions: [{key: none, operator: NotIn, values: [web]}]}     | true",
          "exists-yes   | {matchExpressions: [{key: tier, operator: Exists}]}                   | true",
          "exists-no    | {matchExpressions: [{key: none, operator: Exists}]}                   | false",
          "absent-yes   | {matchExpressions: [{key: none, operator: DoesNotExist}]}             | true",
          "absent-no    | {matchExpressions: [{key: tier, operator: DoesNotExist}]}             | false",
          "label-yes    | {matchLabels: {tier: web}}                                            | true",
          "label-no     | {matchLabels: {tier: db}}                                             | false",
          "label-absent | {matchLabels: {none: web}}                                            | false",
          "label-empty  | {matchLabels: {none: ''}}                                             | false",
          "both-no      | {matchLabels: {tier: web}, matchExpressions: [{key: tier, operator: DoesNotExist}]} | false",
          "two-no       | {matchExpressions: [{key: tier, operator: Exists}, {key: none, operator: Exists}]}  | false",
          "all          | {}                                                                    | true"
        })
    void areSelectedAsByKubernetes(String which, String selector, boolean selected) {
      // given
      String name = "selected-" + which;
      policy(name, "apply: OnRollout\nselector: " + selector, IN_FORCE);

      // when
      try {
        cluster.applied(manifest(name).replaceFirst("labels: \\{app", "labels: {tier: web, app"));
      } finally {
        // A selector of these would take the Deployments of other tests too.
        cluster.deletePolicy(name);
        cluster.inForce();
      }

      // then
      assertThat(cluster.observed(name).preStop("app")).isEqualTo(selected ? SLEEP_6 : "");
    }

    @ParameterizedTest(name = "declared {0}, propagation {1}: sleep {2}, grace {3}")
    @CsvSource({
      "16, 5, 6, 16",
      "15, 5, 0, 15",
      "4, 5, 0, 4",
      "90, 5, 6, 90",
      "30, 5, 6, 30",
      "0, 0, 0, 30",
      "0, 40, 41, 71"
    })
    void keepADeclaredGracePeriod(int declared, int propagation, int sleep, int grace) {
      // given
      String name = "new-grace-%d-%d".formatted(declared, propagation);
      policy(name, selecting(name) + "\npropagationSeconds: " + propagation, IN_FORCE);

      // when
      cluster.applied(declared == 0 ? manifest(name) : withGrace(manifest(name), declared));

      // then
      Observed after = cluster.observed(name);
      assertThat(after.grace()).isEqualTo(grace);
      assertThat(after.preStop("app"))
          .isEqualTo(sleep == 0 ? "" : "{\"sleep\":{\"seconds\":" + sleep + "}}");
    }

    @Test
    void getOneSleepIfTwoPoliciesSelectThem() {
      // given
      String name = "two-policies";
      policy(name, selecting(name), IN_FORCE);
      policy(name + "-b", selecting(name) + "\npropagationSeconds: 8", IN_FORCE);

      // when
      cluster.applied(manifest(name));

      // then
      assertThat(cluster.observed(name).preStop("app"))
          .isIn(SLEEP_6, "{\"sleep\":{\"seconds\":9}}");
    }

    private static void policy(String name, String spec, String status) {
      cluster.policy(name, spec, status);
      cluster.inForce();
    }

    private static String selecting(String name) {
      return "apply: OnRollout\nselector: {matchLabels: {app: " + name + "}}";
    }
  }

  // ---------------------------------------------------------------- Deployments

  private static final String LABEL =
      "{\"spec\": {\"template\": {\"metadata\": {\"labels\": {\"some\": \"label\"}}}}}";

  private static final String SIDE = "      - {name: side, image: side:1}\n";

  private static final String SIDE_WITH_HOOK =
      "      - {name: side, image: side:1, lifecycle: {preStop: " + EXEC + "}}\n";

  /** Something that an owner does to the Deployment of this name. */
  @FunctionalInterface
  interface Change {
    Answer of(String name);
  }

  /** Another manifest. */
  @FunctionalInterface
  interface Edit {
    String of(String manifest);
  }

  private static Observed created(String name, String protection) {
    return created(manifest(name), name, protection);
  }

  /** Created by apply, then protected; its template is as the owner wrote it. */
  private static Observed created(
      String manifest, String name, String protection, String... options) {
    cluster.applied(manifest, options);
    protect(name, protection);
    return cluster.observed(name);
  }

  private static void protect(String name, String protection) {
    cluster.protection(name, protection);
    cluster.inForce();
  }

  private static String newImage(String name) {
    return manifest(name).replace("web:1", "web:2");
  }

  private static String withHook(String manifest, String hook) {
    return manifest.replaceFirst("image: web:.", "$0\n        lifecycle: {preStop: " + hook + "}");
  }

  private static String withGrace(String manifest, int seconds) {
    return manifest.replace(
        "containers:", "terminationGracePeriodSeconds: " + seconds + "\n      containers:");
  }

  private static String[] options(String side) {
    return side.equals("server") ? new String[] {"--server-side"} : new String[0];
  }

  private static String[] with(String[] options, String... verb) {
    return Stream.concat(Stream.of(verb), Stream.of(options)).toArray(String[]::new);
  }

  private static void assertUnprotected(Observed observed) {
    assertThat(observed.container("app").has("lifecycle")).isFalse();
    assertThat(observed.grace()).isEqualTo(30);
  }

  private static void assertNobodyOwnsTheValues(Observed observed) {
    for (String field : List.of("terminationGracePeriodSeconds", "sleep", "readinessProbe")) {
      assertThat(observed.ownersOf(field)).as("owners of " + field).isEmpty();
    }
  }
}
