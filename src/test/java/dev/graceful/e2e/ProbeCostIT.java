package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the probe costs the apps, as they themselves log it, and how much later a good server ends
 * because of it. The figures are in {@code build/probe-cost.json}.
 */
@ExtendWith(OperatorExtension.class)
final class ProbeCostIT {

  private static final int MOST_A_TERMINATION = 150;
  private static final int MOST_TO_OTHERS = 3;
  private static final double MOST_DELAY_SECONDS = 1.5;

  private static final int REPLICAS = 4;
  private static final int ROLLOUTS = 3;

  /** Time enough to meet a revision's pods. */
  private static final Duration ACQUAINTANCE = Duration.ofSeconds(6);

  private static final Map<String, String> MODES =
      Map.of(
          "http", "mode: Http, http: {path: /query}",
          "ready", "",
          "connect", "mode: Connect",
          "none", "mode: None");

  private static final Path RESULT = Path.of("build", "probe-cost.json");

  /**
   * What one way to verify cost.
   *
   * @param mostATermination requests and connections that one pod got while it was being ended
   * @param mostToOthers those that the pods of one revision got together before
   * @param medianExitSeconds from the deletion to the exit, as a watch sees them
   */
  record Cost(int terminations, int mostATermination, int mostToOthers, double medianExitSeconds) {}

  private final Suite suite;

  ProbeCostIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  void terminatingPodGetsFewRequestsAndOthersHardlyAny() {
    // It ends as soon as its last connection is gone, so whoever holds one delays it.
    OwnersYaml yaml =
        OwnersYaml.of(Workload.NAME)
            .ending(Pattern.named("closeidle"))
            .withReplicas(REPLICAS)
            .withSpec("strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}");
    var protect = new Policy(Apply.OnRollout, 3, 20);
    // Side by side, so that what else the machine has to do delays all of them alike.
    Map<String, Cost> costs = new ConcurrentSkipListMap<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Cost>> futures =
          MODES.entrySet().stream()
              .map(
                  mode ->
                      executor.submit(
                          () ->
                              costs.put(
                                  mode.getKey(),
                                  cost(mode.getKey(), yaml, protect.verifying(mode.getValue())))))
              .toList();
      futures.forEach(ProbeCostIT::await);
    }
    costs.forEach((mode, cost) -> suite.progress().say("  verified by " + mode + ": " + cost));
    Rows.write(RESULT, costs);

    costs.forEach(
        (mode, cost) -> {
          assertThat(cost.mostATermination()).as(mode).isLessThanOrEqualTo(MOST_A_TERMINATION);
          assertThat(cost.mostToOthers()).as(mode).isLessThanOrEqualTo(MOST_TO_OTHERS);
        });
    Cost none = Objects.requireNonNull(costs.get("none"));
    assertThat(none.mostATermination()).isZero();
    assertThat(none.mostToOthers()).isZero();
    costs.forEach(
        (mode, cost) ->
            assertThat(cost.medianExitSeconds() - none.medianExitSeconds())
                .as("seconds by which the exit is later with " + mode)
                .isLessThanOrEqualTo(MOST_DELAY_SECONDS));
  }

  private static void await(Future<Cost> mode) {
    try {
      mode.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("one of the modes broke: " + e.getCause(), e.getCause());
    }
  }

  private Cost cost(String mode, OwnersYaml yaml, Policy policy) {
    String namespace = "e2e-cost-" + mode;
    String operator = suite.operatorPod().address();
    suite.cluster().createNamespace(namespace);
    App app = suite.app(namespace, Workload.NAME);
    app.kubectlWith(policy.yaml(), "apply", "-f", "-");
    suite
        .progress()
        .until(
            "the policy of " + namespace + " to protect new Deployments",
            Progress.PATIENCE,
            () -> policy.protectsNewDeployments(suite.cluster(), namespace));
    int mostATermination = 0;
    int mostToOthers = 0;
    List<Double> seconds = new ArrayList<>();
    try (var workload = Workload.deploy(suite.cluster(), namespace, yaml);
        var log = new AccessLog()) {
      workload.awaitSettled(suite.progress());
      app.word().awaitProgrammed(suite.progress());
      for (int i = 0; i < ROLLOUTS; i++) {
        log.follow(pods(namespace));
        Progress.sleep(ACQUAINTANCE);
        Instant begin = Instant.now();
        Workload.Rollout rollout = workload.rollOut();
        suite
            .progress()
            .until(
                "the old pods of " + namespace + " to be gone",
                Progress.PATIENCE_WITH_ROLLOUTS,
                rollout::areOldPodsGone);
        Set<String> old = workload.census().gone(rollout.oldReplicaSet());
        log.awaitEnd(old, suite.progress());
        seconds.addAll(workload.census().secondsToExit(rollout.oldReplicaSet()));
        mostATermination =
            Math.max(
                mostATermination,
                of(old, log.from(operator, begin, Instant.MAX)).stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElseThrow());
        mostToOthers =
            Math.max(
                mostToOthers,
                of(old, log.from(operator, Instant.MIN, begin)).stream()
                    .mapToInt(Integer::intValue)
                    .sum());
      }
    } finally {
      app.kubectl("delete", "namespace", namespace, "--wait=false");
    }
    Collections.sort(seconds);
    return new Cost(
        seconds.size(), mostATermination, mostToOthers, seconds.get(seconds.size() / 2));
  }

  private List<Pod> pods(String namespace) {
    return suite
        .cluster()
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app", Workload.NAME)
        .list()
        .getItems();
  }

  /** Of these pods alone: each has a log, even if it is empty. */
  private static List<Integer> of(Set<String> pods, Map<String, Integer> counts) {
    assertThat(counts).containsKeys(pods.toArray(String[]::new));
    return pods.stream().map(counts::get).toList();
  }
}
