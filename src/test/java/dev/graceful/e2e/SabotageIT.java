package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.ClientStats.Kind;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What takes the protection or the operator's eyes away also takes its good word away. */
@ExtendWith(OperatorExtension.class)
final class SabotageIT {

  /** From the first pods on: the operator has to roll nothing before the test does. */
  private static final Policy PROTECT = new Policy(Apply.OnRollout, 5, 20).verifyingOnSlowPath();

  /** So that there is a middle of the rollout to do something in. */
  private static final Workload.Shape ONE_BY_ONE = new Workload.Shape(Pattern.DRAIN, 4, 3, "0");

  private static final Path STRIP_HOOK = Path.of("src/test/resources/e2e/strip-hook.yaml");
  private static final int APP_PORT = 8080;

  private final Suite suite;

  SabotageIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  void podsWhoseHookWasStrippedAreCalledViolated() throws IOException {
    assumeTrue(
        servesMutatingAdmissionPolicies(),
        "this cluster serves no MutatingAdmissionPolicy of admissionregistration.k8s.io/v1 to strip the hook with");
    String namespace = "e2e-hook-stripped";
    String sabotage = Files.readString(STRIP_HOOK).replace("NAMESPACE", namespace);
    try (Scenario act = suite.act(namespace, Workload.Shape.of(Pattern.TEXTBOOK, 4), Suite.BUSY)) {
      kubectl(sabotage, "apply", "-f", "-");
      try {
        awaitStripping(namespace);
        // The hook is stripped from pods that come later than the first.
        act.apply(new Policy(Apply.Immediately, 5, 20));
        act.rollOut(suite.capacity().rolloutsThatShowDrops());

        assertThat(act.workload().hasPreStopSleep()).as("hook in the template").isTrue();
        assertThat(act.clients().failedCount(Kind.NEW)).isPositive();
        assertThat(act.verdicts().keySet()).isSubsetOf("StoppedServingEarly", "CutConnections");
        assertThat(act.verdicts()).containsKey("StoppedServingEarly");
        assertGraceful(act, Condition.Status.False);
      } finally {
        kubectl(sabotage, "delete", "-f", "-");
      }
    }
  }

  @Test
  void blindProbeProvesNothing() {
    assumeTrue(
        Cluster.isOwn(),
        "CLUSTER=current: the operator's network can only be reached where this machine runs it");
    try (Scenario act =
        suite.actUnder(
            PROTECT, "e2e-probe-blinded", Workload.Shape.of(Pattern.DRAIN, 4), Suite.CALM)) {
      suite.operatorPod().blind(APP_PORT);
      try {
        Scenario.RolloutResult result = act.rollOut();

        assertThat(result.verdicts()).containsOnlyKeys("Inconclusive");
        assertGraceful(act, Condition.Status.Unknown);
      } finally {
        suite.operatorPod().replace(suite.progress());
      }
    }
  }

  @Test
  void endpointSlicesThatAreNotSeenProveNothing() {
    try (var faults = Faults.deploy(suite.cluster(), suite.progress())) {
      faults.standInForApiServer();
      try (Scenario act = suite.actUnder(PROTECT, "e2e-slices-cut", ONE_BY_ONE, Suite.CALM)) {
        Scenario.RolloutResult result =
            act.rollOut(
                rollout -> {
                  suite
                      .progress()
                      .until(
                          "the first old pod to be ended",
                          Progress.PATIENCE,
                          () -> act.workload().census().isEnding(rollout.oldReplicaSet()));
                  faults.cut("endpointslices");
                });
        Condition whileCut =
            act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL).orElseThrow();
        faults.mend("endpointslices");
        suite.settle();

        assertThat(whileCut.status()).isEqualTo(Condition.Status.Unknown);
        // The first pod may have been seen to leave; those that came after the cut were not.
        assertThat(result.verdicts().getOrDefault("Inconclusive", 0))
            .as("of %s", result.verdicts())
            .isGreaterThanOrEqualTo(2);
        assertThat(Set.of("Inconclusive", "Graceful")).containsAll(result.verdicts().keySet());
        assertGraceful(act, Condition.Status.Unknown);

        act.rollOut();
        assertGraceful(act, Condition.Status.True);
      } finally {
        suite.install();
      }
    }
  }

  /** The API server takes a moment to act on a policy that has just been made. */
  private void awaitStripping(String namespace) {
    Pod withHook =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName("with-hook")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("server")
            .withImage(Cluster.image("graceful-e2e-server:1"))
            .withNewLifecycle()
            .withNewPreStop()
            .withNewSleep(1L)
            .endPreStop()
            .endLifecycle()
            .endContainer()
            .endSpec()
            .build();
    suite
        .progress()
        .until(
            "the hook to be stripped from new pods",
            Progress.PATIENCE,
            () ->
                suite
                        .cluster()
                        .client()
                        .resource(withHook)
                        .dryRun(true)
                        .create()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getLifecycle()
                    == null);
  }

  private boolean servesMutatingAdmissionPolicies() {
    return suite
        .cluster()
        .client()
        .getApiResources("admissionregistration.k8s.io/v1")
        .getResources()
        .stream()
        .anyMatch(resource -> resource.getName().equals("mutatingadmissionpolicies"));
  }

  private static void kubectl(String input, String... arguments) {
    var command = new ArrayList<String>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    CommandLine.run(command, input);
  }

  private static void assertGraceful(Scenario act, Condition.Status status) {
    assertThat(act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo(status));
  }
}
