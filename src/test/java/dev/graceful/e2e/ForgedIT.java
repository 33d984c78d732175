package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What somebody writes in another namespace changes nothing of what is said of an app. */
@ExtendWith(OperatorExtension.class)
final class ForgedIT {

  private static final int REPLICAS = 2;

  /** A request on that path is always in flight, also when SIGTERM comes. */
  private static final Policy WATCHED =
      new Policy(Apply.Never, 3, 20).verifying("mode: Http, http: {path: /slow}");

  /** The operator has met the pods by then. */
  private static final Duration LEAD = Duration.ofSeconds(4);

  private final Suite suite;

  ForgedIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void hookThatAnotherNamespaceSaysFailedHasNotFailed() {
    try (Workload app = deploy("e2e-forged-event")) {
      Neighbour neighbour = neighbourOf(app);
      Set<String> named = new HashSet<>();

      Workload.Rollout rollout = app.rollOut();
      suite
          .progress()
          .until(
              "the old pods to be gone",
              Duration.ofMinutes(3),
              () -> {
                pods(app).stream()
                    .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
                    .filter(pod -> named.add(pod.getMetadata().getUid()))
                    .forEach(neighbour::saysThatHookFailed);
                return rollout.areOldPodsGone();
              });

      assertThat(named).hasSize(REPLICAS);
      assertAllGraceful(app, rollout, neighbour);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void podOfAnotherNamespaceIsNoneOfTheRevision() {
    try (Workload app = deploy("e2e-forged-owner")) {
      Neighbour neighbour = neighbourOf(app);

      neighbour.endsPodOf(replicaSet(app), suite.progress());

      assertAllGraceful(app, rollOut(app), neighbour);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void slicesOfAnotherNamespaceKeepNoPodReady() {
    try (Workload app = deploy("e2e-forged-slice")) {
      Neighbour neighbour = neighbourOf(app);

      neighbour.publishes(pods(app));

      assertAllGraceful(app, rollOut(app), neighbour);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void slicesOfAnotherNamespaceExposeNothing() {
    String namespace = "e2e-forged-exposure";
    suite.cluster().createNamespace(namespace);
    App owner = suite.app(namespace, Workload.NAME);
    try (Workload app = Workload.deploy(suite.cluster(), namespace, yaml())) {
      owner.kubectl("delete", "service", Workload.NAME);
      app.awaitSettled(suite.progress());
      suite
          .progress()
          .until("the slices to go", Duration.ofSeconds(30), () -> slices(namespace).isEmpty());
      owner.kubectlWith(new Policy(Apply.OnRollout, 3, 20).yaml(), "apply", "-f", "-");
      owner.word().awaitReason(suite.progress(), "NotExposed", Duration.ofSeconds(30));
      String template = owner.template();

      neighbourOf(app).publishes(pods(app));
      suite.settle();
      owner.restart();
      app.awaitSettled(suite.progress());

      owner.word().awaitReason(suite.progress(), "NotExposed", Duration.ofSeconds(30));
      assertThat(owner.template()).isEqualTo(template);
    }
  }

  private Workload deploy(String namespace) {
    suite.cluster().createNamespace(namespace);
    suite.app(namespace, Workload.NAME).kubectlWith(WATCHED.yaml(), "apply", "-f", "-");
    Workload app = Workload.deploy(suite.cluster(), namespace, yaml());
    app.awaitSettled(suite.progress());
    app.app().word().awaitProgrammed(suite.progress());
    Progress.sleep(LEAD);
    return app;
  }

  private static OwnersYaml yaml() {
    return OwnersYaml.of(Workload.NAME).ending(Pattern.DRAIN).withReplicas(REPLICAS);
  }

  private Neighbour neighbourOf(Workload app) {
    return Neighbour.in(suite.cluster(), app.namespace() + "-neighbour");
  }

  private Workload.Rollout rollOut(Workload app) {
    Workload.Rollout rollout = app.rollOut();
    suite
        .progress()
        .until("the old pods to be gone", Duration.ofMinutes(3), rollout::areOldPodsGone);
    return rollout;
  }

  private List<Pod> pods(Workload app) {
    return suite
        .cluster()
        .client()
        .pods()
        .inNamespace(app.namespace())
        .withLabel("app", Workload.NAME)
        .list()
        .getItems();
  }

  private List<EndpointSlice> slices(String namespace) {
    return suite
        .cluster()
        .client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .list()
        .getItems();
  }

  private ReplicaSet replicaSet(Workload app) {
    return Objects.requireNonNull(
        suite
            .cluster()
            .client()
            .apps()
            .replicaSets()
            .inNamespace(app.namespace())
            .withName(app.currentReplicaSet())
            .get());
  }

  /** As without the neighbour. */
  private void assertAllGraceful(Workload app, Workload.Rollout rollout, Neighbour neighbour) {
    OperatorStatus word = app.app().word();
    String revision = rollout.oldReplicaSet();
    word.awaitVerdicts(suite.progress(), rollout);
    String report = Serialization.asYaml(word.report(revision).orElseThrow());

    assertThat(word.verdicts(revision))
        .as(report)
        .containsExactlyEntriesOf(Map.of("Graceful", REPLICAS));
    assertThat(word.terminations(revision)).isEqualTo(REPLICAS);
    assertThat(word.gracefulOf(revision).map(Condition::status)).hasValue(Condition.Status.True);
    assertThat(word.condition(OperatorStatus.TERMINATIONS_GRACEFUL).map(Condition::status))
        .hasValue(Condition.Status.True);
    assertThat(report).doesNotContain(neighbour.namespace(), String.valueOf(Neighbour.PORT));
  }
}
