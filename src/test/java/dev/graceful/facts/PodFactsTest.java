package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodFactsTest {

  @Test
  void aPodThatSaysNothing() {
    // given
    Pod pod = read("metadata: {namespace: shop, name: web-1, uid: u-1}");

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.ref()).isEqualTo(new PodRef("shop", "web-1", "u-1"));
    assertThat(facts.replicaSetUid()).isNull();
    assertThat(facts.address()).isNull();
    assertThat(facts.ready()).isFalse();
    assertThat(facts.deletionGraceSeconds()).isNull();
    assertThat(facts.disruption()).isNull();
    assertThat(facts.containers()).isEmpty();
    assertThat(facts.exits()).isEmpty();
  }

  @Test
  void aPodThatRuns() {
    // given
    Pod pod =
        read(
            """
            metadata:
              namespace: shop
              name: web-1
              uid: u-1
              ownerReferences:
                - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: rs-1, controller: true}
            spec:
              containers:
                - name: app
                  readinessProbe: {tcpSocket: {port: 8080}}
                  ports: [{containerPort: 8080, name: http}, {containerPort: 8443}]
                  lifecycle: {preStop: {sleep: {seconds: 6}}}
            status:
              podIP: 10.0.0.1
              conditions:
                - {type: Ready, status: "True"}
              containerStatuses:
                - {name: app, state: {running: {}}}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.replicaSetUid()).isEqualTo("rs-1");
    assertThat(facts.address()).isEqualTo("10.0.0.1");
    assertThat(facts.ready()).isTrue();
    assertThat(facts.containers())
        .containsExactly(
            new ContainerFacts(
                "app", true, 6, true, null, Set.of(8080, 8443), Map.of("http", 8080)));
    assertThat(facts.exits()).isEmpty();
  }

  @Test
  void aPodThatIsEvictedAndHasEndedInPart() {
    // given
    Pod pod =
        read(
            """
            metadata:
              namespace: shop
              name: web-1
              uid: u-1
              deletionTimestamp: "2026-01-01T10:00:30Z"
              deletionGracePeriodSeconds: 30
            spec:
              hostNetwork: true
              terminationGracePeriodSeconds: 66
              containers: [{name: app}, {name: proxy}]
            status:
              conditions:
                - {type: Ready, status: "False"}
                - {type: DisruptionTarget, status: "True", reason: EvictionByEvictionAPI}
              containerStatuses:
                - {name: app, state: {terminated: {exitCode: 137, reason: OOMKilled}}}
                - {name: proxy, state: {running: {}}}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.deletionGraceSeconds()).isEqualTo(30);
    assertThat(facts.graceSeconds()).isEqualTo(66);
    assertThat(facts.ready()).isFalse();
    assertThat(facts.hostNetwork()).isTrue();
    assertThat(facts.disruption()).isEqualTo("EvictionByEvictionAPI");
    assertThat(facts.exits())
        .containsOnlyKeys("app")
        .containsValue(new Exit(137, "OOMKilled", null));
  }

  @Test
  void whatIsMissingInTheStatusIsNotMadeUp() {
    // given
    Pod pod =
        read(
            """
            metadata: {namespace: shop, name: web-1, uid: u-1, deletionTimestamp: "2026-01-01T10:00:30Z"}
            status:
              conditions:
                - {type: DisruptionTarget, status: "False", reason: EvictionByEvictionAPI}
              containerStatuses:
                - {name: no-state}
                - {name: no-code, state: {terminated: {reason: Error}}}
                - {name: no-reason, state: {terminated: {exitCode: 3}}}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.disruption()).isNull();
    assertThat(facts.hostNetwork()).isFalse();
    assertThat(facts.deletionGraceSeconds()).isZero();
    assertThat(facts.exits()).containsOnlyKeys("no-reason").containsValue(new Exit(3, "", null));
  }

  /** Report r30: on Windows there are no signals, and a control event stops a container. */
  @Test
  void theExitCodesOfWindowsAreNotReadAsPosixR30() {
    for (String windows :
        new String[] {"os: {name: windows}", "nodeSelector: {kubernetes.io/os: windows}"}) {
      // when
      Exit stopped = exit(windows, -1_073_741_510);

      // then
      assertThat(stopped).isEqualTo(new Exit(-1_073_741_510, "Error", null, false));
      assertThat(stopped.isTerminated()).isTrue();
      assertThat(exit(windows, 137).isKilled()).isFalse();
      assertThat(exit(windows, 143).isTerminated()).isFalse();
    }
    assertThat(exit("os: {name: linux}", 143).isTerminated()).isTrue();
  }

  private static Exit exit(String spec, int code) {
    return Objects.requireNonNull(PodFacts.from(ended(spec, code)).exits().get("app"));
  }

  private static Pod ended(String spec, int code) {
    return read(
        """
        metadata: {namespace: shop, name: web-1, uid: u-1}
        spec: {containers: [{name: app}], %s}
        status:
          containerStatuses: [{name: app, state: {terminated: {exitCode: %d, reason: Error}}}]
        """
            .formatted(spec, code));
  }

  @Test
  void onlyAControllingReplicaSetCounts() {
    // given
    Pod pod =
        read(
            """
            metadata:
              namespace: shop
              name: web-1
              uid: u-1
              ownerReferences:
                - {apiVersion: apps/v1, kind: ReplicaSet, name: a, uid: not-controlling}
                - {apiVersion: apps/v1, kind: StatefulSet, name: b, uid: no-replica-set, controller: true}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.replicaSetUid()).isNull();
  }

  /** What is kept of each pod template has a limit, and the API sets none. */
  @Test
  void aPathOfAMegabyteIsNotKept() {
    // given
    Pod pod =
        read(
            """
            metadata: {namespace: shop, name: web-1, uid: u-1}
            spec: {containers: [{name: app, readinessProbe: {httpGet: {path: /%s, port: 80}}}]}
            """
                .formatted("x".repeat(1_000_000)));

    // when
    ContainerFacts container = PodFacts.from(pod).containers().getFirst();

    // then
    assertThat(container.hasReadinessProbe()).isTrue();
    assertThat(container.httpReadiness()).isNull();
  }

  /** The API takes a sleep of more seconds than an int has; such a watch event is no failure. */
  @Test
  void aSleepOfAHundredYearsIsAVeryLongOne() {
    // given
    Pod pod =
        read(
            """
            metadata: {namespace: shop, name: web-1, uid: u-1}
            spec: {containers: [{name: app, lifecycle: {preStop: {sleep: {seconds: 3155760000}}}}]}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.containers())
        .extracting(ContainerFacts::sleepSeconds)
        .containsExactly(Integer.MAX_VALUE);
  }

  @Test
  void hooksOfOtherKindsAreNoSleep() {
    // given
    Pod pod =
        read(
            """
            metadata: {namespace: shop, name: web-1, uid: u-1}
            spec:
              containers:
                - {name: command, lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}}
                - {name: started, lifecycle: {postStart: {exec: {command: [date]}}}}
                - {name: endless, lifecycle: {preStop: {sleep: {}}}}
            """);

    // when
    PodFacts facts = PodFacts.from(pod);

    // then
    assertThat(facts.containers()).extracting(ContainerFacts::sleepSeconds).containsOnly(0);
    assertThat(facts.containers())
        .extracting(ContainerFacts::hasPreStop)
        .containsExactly(true, false, true);
  }

  @Test
  void theContainerThatAnEventIsAboutIsNamedInItsFieldPath() {
    assertThat(ContainerFacts.nameIn("spec.containers{app-1}")).isEqualTo("app-1");
    assertThat(ContainerFacts.nameIn("spec.initContainers{proxy}")).isEqualTo("proxy");
    assertThat(ContainerFacts.nameIn(null)).isEmpty();
    assertThat(ContainerFacts.nameIn("spec.volumes{app}")).isEmpty();
    assertThat(ContainerFacts.nameIn("spec.containers{<b>app</b>}")).isEmpty();
  }

  private static Pod read(String yaml) {
    return Serialization.unmarshal(yaml, Pod.class);
  }
}
