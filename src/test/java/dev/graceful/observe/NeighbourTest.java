package dev.graceful.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.observe.SliceFacts.EndpointFacts;
import dev.graceful.observe.Terminations.Concluded;
import dev.graceful.observe.Terminations.RevisionView;
import dev.graceful.observe.Terminations.Settings;
import dev.graceful.observe.Terminations.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  private final Terminations terminations = new Terminations(new Deaf(), 10);

  @BeforeEach
  void aReadyPodOfAGovernedDeployment() {
    terminations.govern(WEB, new Settings(5, new Asking.Wish(null, null, null)));
    terminations.replicaSet(
        new RevisionFacts("shop", "web-1", REPLICA_SET, WEB, 1, 1, "t-1", List.of(APP)));
    terminations.pod(pod(POD, null, Map.of()), at(-2_000));
    slice("shop", "web", 8080, new EndpointFacts(true, false), -1_000);
  }

  @Test
  void itsEventOnAFailedHookSaysNothing() {
    // given
    terminations.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    terminations.hookFailed(NEIGHBOUR, POD.uid(), at(100));
    exits();

    // then
    assertThat(concluded().timeline().hookFailed()).isFalse();
  }

  @Test
  void itsPodIsOfNoReplicaSetOfAnotherNamespace() {
    // given
    var forged = new PodRef(NEIGHBOUR, "web-b", "b");

    // when
    terminations.pod(pod(forged, null, Map.of()), at(0));
    terminations.pod(pod(forged, 30L, Map.of()), at(100));
    terminations.pod(pod(forged, 30L, Map.of("app", new Exit(1, "Error", null))), at(200));
    terminations.tick(at(5_000));

    // then
    assertThat(view().watchedPods()).containsExactly(POD);
    assertThat(view().concluded()).isEmpty();
  }

  @Test
  void itsSliceGivesAPodNoPortAndNoService() {
    // when
    slice(NEIGHBOUR, "forged", 9999, new EndpointFacts(true, false), 0);

    // then
    assertThat(terminations.servingPorts(WEB)).containsExactly(8080);
    assertThat(terminations.services(WEB)).containsExactly("web");
  }

  @Test
  void itsSliceKeepsNoPodFromLeaving() {
    // given
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, false), -500);
    terminations.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, true), 20);
    slice("shop", "web", 8080, new EndpointFacts(false, true), 40);
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(true, true), 60);
    exits();

    // then
    assertThat(concluded().timeline().leftMillis()).isEqualTo(40);
    assertThat(concluded().timeline().lastOfItsService()).isTrue();
  }

  @Test
  void itsSliceMakesNoPodLeave() {
    // given
    terminations.pod(pod(POD, 30L, Map.of()), at(0));

    // when
    slice(NEIGHBOUR, "forged", 8080, new EndpointFacts(false, true), 10);
    terminations.sliceGone(NEIGHBOUR, "forged", at(20));
    slice("shop", "web", 8080, new EndpointFacts(false, true), 400);
    exits();

    // then
    assertThat(concluded().timeline().leftMillis()).isEqualTo(400);
  }

  private void exits() {
    terminations.pod(pod(POD, 30L, Map.of("app", new Exit(0, "Completed", null))), at(8_000));
    terminations.tick(at(12_000));
  }

  private Concluded concluded() {
    assertThat(view().concluded()).hasSize(1);
    return view().concluded().getFirst();
  }

  private RevisionView view() {
    return terminations.revisions(WEB).getFirst();
  }

  private void slice(
      String namespace, String service, int port, EndpointFacts endpoint, long millis) {
    terminations.slice(
        new SliceFacts(
            namespace, service + "-x", service, Set.of(port), Map.of(POD.uid(), endpoint)),
        at(millis));
  }

  private static PodFacts pod(PodRef ref, @Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        ref,
        REPLICA_SET,
        "10.0.0.1",
        true,
        grace,
        false,
        null,
        null,
        null,
        false,
        List.of(APP),
        exits);
  }

  private static long at(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static final class Deaf implements Terminations.Listener {
    @Override
    public void changed(WorkloadRef workload) {}

    @Override
    public void readyToMeet(Target target) {}

    @Override
    public void started(Target target) {}
  }
}
