package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody writes in a namespace of their own changes nothing of another namespace. */
class NeighbourTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final String NEIGHBOUR = "evil";
  private static final PodRef POD = new PodRef("shop", "web-a", "a");
  private static final String REPLICA_SET = "rs-1";
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());

  private final Watched watched = new Watched(10);

  @BeforeEach
  void aReadyPodOfAGovernedDeployment() {
    watched.govern(WEB, new ProbeRules(5, new ProbePlan.VerifySpec(null, null, null, List.of())));
    watched.replicaSet(
        new RevisionFacts("shop", "web-1", REPLICA_SET, WEB, 1, 1, "t-1", List.of(APP)),
        at(-3_000));
    watched.pod(pod(POD, null, Map.of()), at(-2_000));
    slice("shop", "web", 8080, new EndpointFacts(true, false), -1_000);
  }

  @Test
  void itsEventOnAFailedHookSaysNothing() {
    // given
    watched.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    watched.hookFailed(NEIGHBOUR, POD.uid(), "app", at(100));
    exits();

    // then
    assertThat(concluded().hookFailed()).isNull();
  }

  @Test
  void itsPodIsOfNoReplicaSetOfAnotherNamespace() {
    // given
    var forged = new PodRef(NEIGHBOUR, "web-b", "b");

    // when
    watched.pod(pod(forged, null, Map.of()), at(0));
    watched.pod(pod(forged, 30L, Map.of()), at(100));
    watched.pod(pod(forged, 30L, Map.of("app", new Exit(1, "Error", null))), at(200));
    watched.tick(at(5_000));

    // then
    assertThat(view().watchedPods()).containsExactly(POD);
    assertThat(view().concluded()).isEmpty();
  }

  @Test
  void itsSliceGivesAPodNoPortAndNoService() {
    // when
    slice(NEIGHBOUR, "forged", 9999, new EndpointFacts(true, false), 0);

    // then
    assertThat(watched.observatory.workload(WEB).clientPorts().tcp()).containsExactly(8080);
    assertThat(watched.observatory.workload(WEB).services()).containsExactly("web");
  }

  @Test
  void itsSliceKeepsNoPodFromLeaving() {
    // given
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, false), -500);
    watched.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, true), 20);
    slice("shop", "web", 8080, new EndpointFacts(false, true), 40);
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, true), 60);
    exits();

    // then
    assertThat(concluded().leftMillis()).isEqualTo(40);
    assertThat(concluded().lastOfItsService()).isTrue();
  }

  @Test
  void itsSliceMakesNoPodLeave() {
    // given
    watched.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(false, true), 10);
    watched.sliceGone(NEIGHBOUR, "forged", at(20));
    slice("shop", "web", 8080, new EndpointFacts(false, true), 400);
    exits();

    // then
    assertThat(concluded().leftMillis()).isEqualTo(400);
  }

  private void exits() {
    watched.pod(pod(POD, 30L, Map.of("app", new Exit(0, "Completed", null))), at(8_000));
    watched.tick(at(12_000));
  }

  private Timeline concluded() {
    assertThat(view().concluded()).hasSize(1);
    return Watched.timelines(view()).getFirst();
  }

  private RevisionHistories view() {
    return watched.histories(WEB).getFirst();
  }

  private void slice(
      String namespace, String service, int port, EndpointFacts endpoint, long millis) {
    watched.slice(
        new SliceFacts(
            namespace,
            service + "-x",
            service,
            false,
            Set.of(port),
            Set.of(),
            Map.of(POD.uid(), endpoint)),
        at(millis));
  }

  private static PodFacts pod(PodRef ref, @Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        ref,
        REPLICA_SET,
        "10.0.0.1",
        true,
        0,
        grace,
        false,
        null,
        null,
        null,
        false,
        List.of(APP),
        exits);
  }

  private static Tick at(long millis) {
    return new Tick(0).plusMillis(millis);
  }
}
