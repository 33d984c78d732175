package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.template.ShutdownGoal;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The times that a Deployment's pods have, with the operator's decision and without one. */
class PodTimesTest {

  private static final String APP = "{name: app, image: a, ports: [{containerPort: 8080}]}";
  private static final Decision DECISION = new Decision(List.of("app"), 61, 91);

  @Test
  void theDecisionCountsAsIfItWereInTheTemplate() {
    assertThat(times(30, DECISION, APP)).isEqualTo(new PodTimes(61, 30, 91, false));
    assertThat(times(120, DECISION, APP).graceSeconds()).isEqualTo(120);
  }

  @Test
  void withoutADecisionTheTemplateCounts() {
    assertThat(times(30, null, APP)).isEqualTo(new PodTimes(0, 30, 30, false));
    assertThat(times(45, null, sleeping("app", 20)).sleepSeconds()).isEqualTo(20);
  }

  @Test
  void theShortestSleepOfThoseThatServeCounts() {
    assertThat(times(30, null, sleeping("app", 20), sleeping("front", 10)).sleepSeconds())
        .isEqualTo(10);
    assertThat(times(30, null, sleeping("app", 20), "{name: helper, image: a}").sleepSeconds())
        .isEqualTo(20);
  }

  @Test
  void howLongAnotherHookTakesIsNotKnown() {
    String hooked =
        "{name: app, image: a, ports: [{containerPort: 8080}],"
            + " lifecycle: {preStop: {exec: {command: [/bin/drain]}}}}";

    assertThat(times(30, null, hooked).sleepSeconds()).isNull();
  }

  private static String sleeping(String name, int seconds) {
    return "{name: %s, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {sleep: {seconds: %d}}}}"
        .formatted(name, seconds);
  }

  private static PodTimes times(int grace, @Nullable Decision decision, String... containers) {
    Deployment deployment =
        Serialization.unmarshal(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, uid: d-1, resourceVersion: "1"}
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: %d
                  containers: [%s]
            """
                .formatted(grace, String.join(", ", containers)),
            Deployment.class);
    return PodTimes.of(
        DeploymentFacts.from(deployment),
        Set.of(8080),
        new ShutdownGoal(Apply.OnRollout, 60, 30, null),
        decision);
  }
}
