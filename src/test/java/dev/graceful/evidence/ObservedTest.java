package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.Entry.Endpoint;
import dev.graceful.evidence.Entry.Exited;
import dev.graceful.evidence.Entry.GraceChanged;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the reconcilers are told, and what a history holds. Times are milliseconds. */
class ObservedTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final RevisionRef RS_1 = new RevisionRef("shop", "rs-1");
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final Map<String, Exit> EXITED = Map.of("app", new Exit(0, "Completed", null));
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());
  private static final ContainerFacts HOOKED =
      new ContainerFacts("app", true, 0, false, null, Set.of(8080), Map.of());

  private final Watched watched = new Watched(10);

  // ---------------------------------------------------------------- what is known of a workload

  @Test
  void theViewOfAWorkloadIsOfAllItsRevisionsAndTheAddressOfTheNewest() {
    // given
    governed();
    revision("rs-1", 1, 3);
    revision("rs-2", 2, 3);
    running("a", "rs-1", "10.0.0.1");
    running("b", "rs-2", "10.0.0.2");
    slice("s", "web", 8080, Map.of("a", READY, "b", READY), 0);

    // when
    WorkloadView view = watched.observatory.workload(WEB);

    // then
    assertThat(view.templates()).containsExactlyInAnyOrder("t-1", "t-2");
    assertThat(view.services()).containsExactly("web");
    assertThat(view.clientPorts().tcp()).containsExactly(8080);
    assertThat(view.readyAddress()).contains("10.0.0.2");
    assertThat(view.histories()).extracting(r -> r.facts().uid()).containsExactly("rs-1", "rs-2");
  }

  @Test
  void aPodThatTerminatesOrIsNotReadyHasNoReadyAddress() {
    // given
    governed();
    revision("rs-1", 1, 3);
    pod("a", "rs-1", "10.0.0.1", false, null, APP, Map.of(), 0);
    running("b", "rs-1", "10.0.0.2");

    // when
    deleted("b", "10.0.0.2", 30, 10);

    // then
    assertThat(watched.observatory.workload(WEB).readyAddress()).isEmpty();
  }

  @Test
  void theNumberOfProbedTerminationsIsOfThoseUnderWay() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    slice("s", "web", 8080, Map.of("a", READY), 0);

    // when
    deleted("a", "10.0.0.1", 30, 10);
    int underWay = watched.observatory.probedNow();
    slice("s", "web", 8080, Map.of("a", LEFT), 50);
    exits("a", 900);

    // then
    assertThat(underWay).isEqualTo(1);
    assertThat(watched.observatory.probedNow()).isZero();
    assertThat(watched.course("a")).isNull();
  }

  @Test
  void aRevisionIsKnownUntilItIsGone() {
    // given
    revision("rs-1", 1, 3);
    List<RevisionHistories> before = watched.histories(WEB);

    // when
    watched.replicaSetGone(RS_1);

    // then
    assertThat(before).hasSize(1);
    assertThat(watched.histories(WEB)).isEmpty();
  }

  @Test
  void aRevisionThatComesBackKeepsItsPods() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");

    // when
    watched.replicaSetGone(RS_1);
    revision("rs-1", 1, 3);
    deleted("a", "10.0.0.1", 30, 10);

    // then
    assertThat(only().terminating()).extracting(PodRef::name).containsExactly("a");
  }

  @Test
  void aReplicaSetThatIsOrphanedIsOfNoWorkload() {
    // given
    revision("rs-1", 1, 3);
    revision("rs-2", 2, 3);

    // when
    watched.replicaSet(
        new RevisionFacts("shop", "web-rs-2", "rs-2", null, 2, 3, "t-2", List.of(APP)), at(0));

    // then
    assertThat(only().facts().uid()).isEqualTo("rs-1");
  }

  @Test
  void aSliceThatIsOfAnotherServiceNowIsOfTheOldOneNoLonger() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    running("b", "rs-1", "10.0.0.2");
    slice("s", "web", 8080, Map.of("a", READY), 0);
    slice("t", "web", 8080, Map.of("b", READY), 0);

    // when
    slice("t", "other", 8080, Map.of("b", READY), 10);
    deleted("a", "10.0.0.1", 30, 20);
    slice("s", "web", 8080, Map.of("a", LEFT), 50);
    exits("a", 900);

    // then
    assertThat(watched.observatory.workload(WEB).services()).containsExactly("other");
    assertThat(timeline().lastOfItsService()).isTrue();
  }

  // ---------------------------------------------------------------- who is woken

  @Test
  void aWorkloadIsReconsideredWhereSomethingOfItsPodsMayMatter() {
    // given
    governed();
    revision("rs-1", 1, 3);

    // then
    assertWakes(() -> pod("a", "rs-1", "10.0.0.1", false, null, APP, Map.of(), 0), true);
    assertWakes(() -> running("a", "rs-1", "10.0.0.1"), true);
    assertWakes(() -> running("a", "rs-1", "10.0.0.1"), false);
    assertWakes(() -> slice("s", "web", 8080, Map.of("a", READY), 10), true);
    assertWakes(() -> slice("s", "web", 8080, Map.of("a", READY), 20), false);
    assertWakes(() -> slice("s", "web", 9090, Map.of("a", READY), 30), true);
    assertWakes(() -> slice("s", "web", 9090, Map.of(), 40), true);
    assertWakes(() -> watched.podGone(facts("a", null), true, at(50)), true);
    assertThat(only().watchedPods()).isEmpty();
  }

  @Test
  void aPodThatTurnsReadyWakesNobodyWhereNoPolicyGoverns() {
    // given
    revision("rs-1", 1, 3);
    pod("a", "rs-1", "10.0.0.1", false, null, APP, Map.of(), 0);

    // then
    assertWakes(() -> running("a", "rs-1", "10.0.0.1"), false);
  }

  // ---------------------------------------------------------------- what a history holds

  @Test
  void aPodThatItsNodeEndedHasTheReasonOfItsDisruptionWhereItHasNoOther() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");

    // when
    watched.pod(
        new PodFacts(
            ref("a"),
            "rs-1",
            "10.0.0.1",
            false,
            0,
            null,
            false,
            "TerminationByKubelet",
            "",
            null,
            false,
            List.of(APP),
            EXITED),
        at(10));

    // then
    assertThat(timeline().endedByNode()).isEqualTo("TerminationByKubelet");
  }

  @Test
  void aPodThatIsReadyOnlyWhileItTerminatesWasNeverReady() {
    // given
    governed();
    revision("rs-1", 1, 3);
    pod("a", "rs-1", "10.0.0.1", false, null, APP, Map.of(), 0);

    // when
    deleted("a", "10.0.0.1", 30, 10);
    exits("a", 900);

    // then
    assertThat(timeline().everReady()).isFalse();
    assertThat(timeline().template().readinessProbe()).isTrue();
  }

  @Test
  void theSlicesWatchMayBeTheFirstToTellOfTheLastOfItsService() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    slice("s", "web", 8080, Map.of("a", READY), 0);

    // when
    slice("s", "web", 8080, Map.of("a", LEFT), 10);
    deleted("a", "10.0.0.1", 30, 20);
    exits("a", 900);

    // then
    assertThat(timeline().leftMillis()).isEqualTo(-10);
    assertThat(timeline().lastOfItsService()).isTrue();
  }

  @Test
  void whatChangesNothingIsNotKeptAgain() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    slice("s", "web", 8080, Map.of("a", READY), 0);

    // when
    deleted("a", "10.0.0.1", 30, 10);
    deleted("a", "10.0.0.1", 30, 20);
    deleted("a", "10.0.0.1", 20, 30);
    slice("s", "web", 8080, Map.of("a", LEFT), 40);
    slice("s", "web", 8080, Map.of("a", LEFT), 50);
    slice("s", "web", 8080, Map.of("a", new EndpointFacts(true, true)), 60);
    slice("s", "web", 8080, Map.of("a", LEFT), 70);
    pod("a", "rs-1", "10.0.0.1", false, 20L, APP, EXITED, 900);

    // then
    History history = only().concluded().getFirst();
    assertThat(history.all(GraceChanged.class)).containsExactly(new GraceChanged(at(30), 20));
    assertThat(history.all(Endpoint.class).map(Entry::at)).containsExactly(at(40), at(60), at(70));
    assertThat(history.all(Exited.class)).containsExactly(new Exited(at(900), EXITED));
  }

  @Test
  void ofAPodThatRunsOnlyWhatMayBeItsLeavingIsKeptAndNotWithoutEnd() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    for (int i = 0; i < 50; i++) {
      slice("s", "web", 8080, Map.of("a", READY), i);
    }
    int whileItRuns = watched.observatory.workload(WEB).histories().size();

    // when
    for (int i = 50; i < 100; i++) {
      slice("s", "web", 8080, Map.of("a", new EndpointFacts(true, true)), i);
    }
    deleted("a", "10.0.0.1", 30, 200);
    exits("a", 900);

    // then
    assertThat(whileItRuns).isEqualTo(1);
    assertThat(only().concluded().getFirst().all(Endpoint.class).map(Entry::at))
        .hasSize(20)
        .startsWith(at(80))
        .endsWith(at(99));
  }

  @Test
  void theLastEvidenceIsTheEventOnTheHook() {
    // given
    governed();
    revision("rs-1", 1, 3);
    pod("a", "rs-1", "10.0.0.1", true, null, HOOKED, Map.of(), 0);

    // when
    pod("a", "rs-1", "10.0.0.1", true, 30L, HOOKED, Map.of(), 10);
    pod("a", "rs-1", "10.0.0.1", false, 30L, HOOKED, EXITED, 500);
    watched.hookFailed("shop", "a", "", at(700));

    // then
    assertThat(only().concluded().getFirst().lastEvidence()).isEqualTo(at(700));
  }

  @Test
  void theEventOnAHookIsWaitedForForHalfASecond() {
    // given
    governed();
    revision("rs-1", 1, 3);
    pod("a", "rs-1", "10.0.0.1", true, null, HOOKED, Map.of(), 0);
    pod("a", "rs-1", "10.0.0.1", true, 30L, HOOKED, Map.of(), 10);
    pod("a", "rs-1", "10.0.0.1", false, 30L, HOOKED, EXITED, 500);

    // when
    watched.tick(at(999));
    boolean waits = only().concluded().isEmpty();
    watched.tick(at(1_000));

    // then
    assertThat(waits).isTrue();
    assertThat(only().concluded().getFirst().lastEvidence()).isEqualTo(at(500));
  }

  @Test
  void theEndOfAPodThatIsGoneIsItsLastEvidence() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 10);

    // when
    watched.podGone(facts("a", 0L), false, at(300));

    // then
    assertThat(only().concluded().getFirst().lastEvidence()).isEqualTo(at(300));
  }

  @Test
  void theLatestHundredBlindSpotsAreKept() {
    // given
    governed();
    revision("rs-1", 1, 3);
    running("a", "rs-1", "10.0.0.1");

    // when
    for (int i = 0; i <= 100; i++) {
      watched.blind(at(10L * i), at(10L * i + 5));
    }
    deleted("a", "10.0.0.1", 30, 2_000);
    exits("a", 3_000);

    // then
    assertThat(timeline().blindSpots()).hasSize(100);
    assertThat(timeline().blindSpots().getFirst().fromMillis()).isEqualTo(-1_990);
  }

  // ---------------------------------------------------------------- what is told

  private void assertWakes(Runnable telling, boolean wakes) {
    watched.clear();
    telling.run();
    assertThat(watched.changed).isEqualTo(wakes ? List.of(WEB) : List.of());
  }

  private void governed() {
    watched.govern(WEB, new ProbeRules(5, new ProbePlan.VerifySpec(null, null, null, List.of())));
  }

  private void revision(String uid, long number, int replicas) {
    watched.replicaSet(
        new RevisionFacts(
            "shop", "web-" + uid, uid, WEB, number, replicas, "t-" + number, List.of(APP)),
        at(0));
  }

  private void running(String name, String revision, String address) {
    pod(name, revision, address, true, null, APP, Map.of(), 0);
  }

  private void deleted(String name, String address, long grace, long millis) {
    pod(name, "rs-1", address, true, grace, APP, Map.of(), millis);
  }

  private void exits(String name, long millis) {
    pod(name, "rs-1", "10.0.0.1", false, 30L, APP, EXITED, millis);
    watched.tick(at(millis + 2_000));
  }

  private void pod(
      String name,
      String revision,
      String address,
      boolean ready,
      @Nullable Long grace,
      ContainerFacts container,
      Map<String, Exit> exits,
      long millis) {
    watched.pod(
        new PodFacts(
            ref(name),
            revision,
            address,
            ready,
            0,
            grace,
            false,
            null,
            null,
            null,
            false,
            List.of(container),
            exits),
        at(millis));
  }

  private static PodFacts facts(String name, @Nullable Long grace) {
    return new PodFacts(
        ref(name),
        "rs-1",
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
        Map.of());
  }

  private void slice(
      String name, String service, int port, Map<String, EndpointFacts> endpoints, long millis) {
    watched.slice(
        new SliceFacts("shop", name, service, false, Set.of(port), Set.of(), endpoints),
        at(millis));
  }

  private RevisionHistories only() {
    List<RevisionHistories> revisions = watched.histories(WEB);
    assertThat(revisions).hasSize(1);
    return revisions.getFirst();
  }

  private Timeline timeline() {
    return Interpreter.timeline(only().concluded().getFirst());
  }

  private static PodRef ref(String name) {
    return new PodRef("shop", name, name);
  }

  private static Tick at(long millis) {
    return new Tick(0).plusMillis(millis);
  }
}
