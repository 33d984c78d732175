package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.HookSleep;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.UnfitPath;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.BlindSpot;
import dev.graceful.judge.Cause;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.ContainerEnd.Role;
import dev.graceful.judge.Ending;
import dev.graceful.judge.FailedHook;
import dev.graceful.judge.GraceCut;
import dev.graceful.judge.IdleConnection;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import dev.graceful.judge.Verification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All times are milliseconds since an arbitrary moment, mostly that of the deletion. */
class ObservatoryTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final ProbeRules CONNECT =
      new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.Connect, null, null, List.of()));
  private static final ProbePlan CONNECTIONS = new ProbePlan(8080, false, null, false);
  private static final RevisionRef RS_1 = new RevisionRef("shop", "rs-1");
  private static final Baseline REACHABLE = new Baseline(true, false, Keeping.Unknown, 0, 0, null);
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts UNREADY = new EndpointFacts(false, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final EndpointFacts STILL_READY = new EndpointFacts(true, true);
  private static final Exit COMPLETED = new Exit(0, "Completed", null);
  private static final Exit FAILED = new Exit(1, "Error", null);
  private static final List<ContainerEnd> ENDED =
      List.of(
          new ContainerEnd("app", Role.Serves, COMPLETED),
          new ContainerEnd("admin", Role.Helps, COMPLETED),
          new ContainerEnd("log", Role.Helps, COMPLETED));

  /** System.nanoTime() may overflow at any moment, so here it does. */
  private static final long MOMENT = Long.MAX_VALUE - Duration.ofMillis(20).toNanos();

  private Watched watched = new Watched(10);

  @BeforeEach
  void aGovernedDeploymentWithOneRevision() {
    watched.govern(WEB, CONNECT);
    watched.replicaSet(revision("rs-1", 1, 3), at(-3000));
  }

  // ---------------------------------------------------------------- leaving the endpoints

  @Test
  void thePodsWatchIsFirst() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT), 40);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.leftMillis()).isEqualTo(40);
    assertThat(timeline.ending()).isEqualTo(new Ending(8000, ENDED));
    assertThat(timeline.graceSeconds()).isEqualTo(30);
    assertThat(timeline.propagationSeconds()).isEqualTo(5);
    assertThat(timeline.exposed()).isTrue();
    assertThat(timeline.everReady()).isTrue();
    assertThat(timeline.unseen()).isNull();
  }

  @Test
  void theSlicesWatchIsFirst() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    slice("s", Map.of("a", LEFT), -30);
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(-30);
  }

  @Test
  void aPodOfTwoSlicesHasLeftWhenItHasLeftBoth() {
    // given
    running("a", "10.0.0.1");
    slice("s-v4", Map.of("a", READY), -1000);
    slice("s-v6", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s-v4", Map.of("a", LEFT), 40);
    slice("s-v6", Map.of("a", LEFT), 65);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(65);
  }

  @Test
  void aPodThatMovesToAnotherSliceHasNotLeft() {
    // given
    running("a", "10.0.0.1");
    slice("s-1", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s-2", Map.of("a", STILL_READY), 10);
    slice("s-1", Map.of(), 20);
    slice("s-2", Map.of("a", LEFT), 70);
    slice("s-2", Map.of(), 7000);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(70);
  }

  @Test
  void aSliceThatIsDeletedIsLeft() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.sliceGone("shop", "s", at(90));
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(90);
  }

  @Test
  void aFailingReadinessProbeBeforeTheDeletionIsNoLeaving() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -9000);
    slice("s", Map.of("a", UNREADY), -5000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT), 30);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(30);
  }

  @Test
  void aPodThatStaysReadyInASliceNeverLeaves() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", STILL_READY), 30);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void aPodOfNoSliceIsNotExposedAndNotProbed() {
    // given
    running("a", "10.0.0.1");

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 500);

    // then
    assertThat(concluded("rs-1").exposed()).isFalse();
    assertThat(watched.started).isEmpty();
  }

  // ---------------------------------------------------------------- the end

  @Test
  void aPodThatHadEndedWhenItsDeletionWasFirstSeen() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.podGone(pod("a", "10.0.0.1", false, 30L, null, Map.of("app", COMPLETED)), false, at(0));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.ending()).isEqualTo(new Ending(0, List.of()));
    assertThat(timeline.unseen()).isEqualTo(Unseen.EndedBefore);
  }

  @Test
  void aPodThatIsForceDeleted() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.podGone(pod("a", "10.0.0.1", true, null, null, Map.of()), false, at(0));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.graceSeconds()).isZero();
    assertThat(timeline.ending()).isEqualTo(new Ending(0, List.of()));
    assertThat(timeline.unseen()).isNull();
    assertThat(watched.started).isEmpty();
  }

  @Test
  void aPodThatIsForceDeletedWhileItEnds() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.podGone(pod("a", "10.0.0.1", true, 0L, null, Map.of()), false, at(3000));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.graceSeconds()).isEqualTo(30);
    assertThat(timeline.ending()).isEqualTo(new Ending(3000, List.of()));
  }

  @Test
  void aRunningPodThatVanishedWhileTheWatchWasDown() {
    // given
    running("a", "10.0.0.1");

    // when
    watched.podGone(pod("a", "10.0.0.1", true, null, null, Map.of()), true, at(0));

    // then
    assertThat(concluded("rs-1")).isEqualTo(Timeline.unseen(ref("a"), Unseen.WatchGap));
  }

  @Test
  void aTerminatingPodThatVanishedWhileTheWatchWasDownKeepsItsEvidence() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    watched.connected("a", ConnectOutcome.Accepted, at(50));

    // when
    watched.podGone(
        pod("a", "10.0.0.1", true, null, null, Map.of("app", COMPLETED)), true, at(9000));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.unseen()).isEqualTo(Unseen.WatchGap);
    assertThat(timeline.connectionAttempts())
        .containsExactly(new ConnectionAttempt(50, ConnectOutcome.Accepted));
    assertThat(timeline.ending()).isEqualTo(new Ending(9000, List.of()));
  }

  @Test
  void itEndsWhenAllServingContainersHaveAndNoSooner() {
    // given
    running("a", "10.0.0.1");
    slice("s", Set.of(8080, 9090), Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    exits("a", Map.of("app", COMPLETED, "log", FAILED), 2000);
    List<History> beforeTheSecond = view("rs-1").concluded();
    exits("a", Map.of("app", COMPLETED, "admin", FAILED, "log", FAILED), 3000);

    // then
    assertThat(beforeTheSecond).isEmpty();
    assertThat(concluded("rs-1").ending())
        .isEqualTo(
            new Ending(
                3000,
                List.of(
                    new ContainerEnd("app", Role.Serves, COMPLETED),
                    new ContainerEnd("admin", Role.Serves, FAILED),
                    new ContainerEnd("log", Role.Helps, FAILED))));
  }

  @Test
  void aContainerThatDoesNotServeIsNotWaitedFor() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    exits("a", Map.of("app", COMPLETED), 2000);

    // then
    assertThat(concluded("rs-1").ending())
        .isEqualTo(new Ending(2000, List.of(new ContainerEnd("app", Role.Serves, COMPLETED))));
  }

  @Test
  void aLaterDeletionThatShortensTheGracePeriod() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    deleted("a", "10.0.0.1", 1, 2000);
    exited("a", "10.0.0.1", new Exit(137, "Error", null), 3000);

    // then
    assertThat(concluded("rs-1").graceCut()).isEqualTo(new GraceCut(1, 30));
    assertThat(concluded("rs-1").graceSeconds()).isEqualTo(30);
  }

  @Test
  void theFinalDeletionOfTheKubeletShortensNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.podGone(
        pod("a", "10.0.0.1", false, 0L, null, Map.of("app", COMPLETED)), false, at(8000));
    watched.tick(at(10_000));

    // then
    assertThat(concluded("rs-1").graceCut()).isNull();
  }

  @Test
  void aDeletionWithLessGraceThanTheTemplateHas() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.pod(
        new PodFacts(
            ref("a"),
            "rs-1",
            "10.0.0.1",
            true,
            66,
            15L,
            false,
            null,
            null,
            null,
            false,
            List.of(app()),
            Map.of()),
        at(0));
    exited("a", "10.0.0.1", new Exit(137, "Error", null), 15_000);

    // then
    assertThat(concluded("rs-1").graceCut()).isEqualTo(new GraceCut(15, 66));
    assertThat(concluded("rs-1").graceSeconds()).isEqualTo(15);
  }

  @Test
  void theLongestSleepOfTheServingContainersCounts() {
    // given
    slice("s", Map.of("a", READY), -1000);
    ContainerFacts app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    ContainerFacts log = new ContainerFacts("log", true, 20, false, null, Set.of(), Map.of());
    watched.pod(podOf("a", "10.0.0.1", null, List.of(app, log), Map.of()), at(-1000));

    // when
    watched.pod(podOf("a", "10.0.0.1", 36L, List.of(app, log), Map.of()), at(0));
    watched.pod(podOf("a", "10.0.0.1", 36L, List.of(app, log), Map.of("app", COMPLETED)), at(8000));
    watched.tick(at(10_000));

    // then
    assertThat(concluded("rs-1").template().sleepSeconds()).isEqualTo(6);
  }

  // ---------------------------------------------------------------- whose pods

  @Test
  void podsOfAnUngovernedDeploymentAreNotJudged() {
    // given
    watched.govern(WEB, null);
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 8000);
    watched.podGone(pod("a", "10.0.0.1", false, 0L, null, Map.of()), false, at(8100));

    // then
    assertThat(view("rs-1").concluded()).isEmpty();
    assertThat(view("rs-1").watchedPods()).isEmpty();
    assertThat(watched.started).isEmpty();
    assertThat(watched.toMeet).isEmpty();
  }

  @Test
  void aTerminationUnderWayIsFinishedByTheSettingsThatItBeganWith() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.govern(
        WEB, new ProbeRules(60, new ProbePlan.VerifySpec(VerifyMode.None, null, null, List.of())));
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").propagationSeconds()).isEqualTo(5);
    assertThat(concluded("rs-1").verification()).isNotEqualTo(Verification.NotAsked);
  }

  @Test
  void aPodThatIsFirstSeenOnItsWayOutIsLeftToTheReport() {
    // given
    slice("s", Map.of("a", LEFT), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(view("rs-1").concluded()).isEmpty();
    assertThat(view("rs-1").watchedPods()).isEmpty();
  }

  @Test
  void aPodWithoutAReplicaSetIsNobodysConcern() {
    // when
    watched.pod(
        new PodFacts(
            ref("a"),
            null,
            "10.0.0.1",
            true,
            0,
            null,
            false,
            null,
            null,
            null,
            false,
            List.of(),
            Map.of()),
        at(0));

    // then
    assertThat(watched.changed).isEmpty();
    assertThat(view("rs-1").watchedPods()).isEmpty();
  }

  @Test
  void aPodThatIsSeenBeforeItsReplicaSetIsFoundLater() {
    // given
    watched.pod(
        new PodFacts(
            ref("b"),
            "rs-2",
            "10.0.0.2",
            true,
            0,
            null,
            false,
            null,
            null,
            null,
            false,
            List.of(app()),
            Map.of()),
        at(-2000));
    slice("s", Map.of("b", READY), -1000);
    watched.clear();

    // when
    watched.replicaSet(revision("rs-2", 2, 1), at(-3000));

    // then
    assertThat(view("rs-2").watchedPods()).containsExactly(ref("b"));
    assertThat(watched.changed).contains(WEB);
    assertThat(watched.toMeet)
        .extracting(target -> target.revision().uid())
        .containsExactly("rs-2");
  }

  @Test
  void knownPodsAreWatchedUntilTheyAreConcluded() {
    // given
    running("b", "10.0.0.2");
    running("a", "10.0.0.1");
    running("c", "10.0.0.3");
    slice("s", Map.of("a", READY, "b", READY, "c", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    deleted("b", "10.0.0.2", 30, 0);
    exited("b", "10.0.0.2", COMPLETED, 900);

    // then
    RevisionHistories view = view("rs-1");
    assertThat(view.watchedPods()).containsExactly(ref("a"), ref("c"));
    assertThat(view.terminating()).containsExactly(ref("a"));
    assertThat(Watched.timelines(view)).extracting(c -> c.pod().name()).containsExactly("b");
  }

  @Test
  void whatIsPublishedIsForgotten() {
    // given
    running("a", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);
    History published = only("rs-1");
    running("b", "10.0.0.2");
    deleted("b", "10.0.0.2", 30, 1000);
    exited("b", "10.0.0.2", COMPLETED, 1900);

    // when
    watched.observatory.acknowledge(RS_1, List.of(published), at(2000));
    watched.observatory.acknowledge(new RevisionRef("other", "rs-1"), List.of(published), at(2000));

    // then
    assertThat(concluded("rs-1").pod()).isEqualTo(ref("b"));
  }

  @Test
  void theRevisionsComeOldestFirst() {
    // given
    watched.replicaSet(revision("rs-9", 3, 0), at(-3000));
    watched.replicaSet(revision("rs-5", 2, 0), at(-3000));

    // when
    List<RevisionHistories> views = watched.histories(WEB);

    // then
    assertThat(views).extracting(v -> v.facts().uid()).containsExactly("rs-1", "rs-5", "rs-9");
  }

  /** With revisionHistoryLimit: 0 it goes while its pods are still terminating. */
  @Test
  void aReplicaSetThatIsGoneIsKeptUntilItsLastPodIsPublished() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    slice("s", Map.of("a", READY, "b", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.replicaSetGone(RS_1);
    slice("s", Map.of("a", LEFT, "b", LEFT), 40);
    exited("a", "10.0.0.1", COMPLETED, 8000);
    deleted("b", "10.0.0.2", 30, 8100);
    exited("b", "10.0.0.2", COMPLETED, 9000);
    List<History> concluded = view("rs-1").concluded();
    watched.observatory.acknowledge(RS_1, List.of(concluded.getFirst()), at(9100));
    List<RevisionHistories> whileOneIsLeft = watched.histories(WEB);
    watched.observatory.acknowledge(RS_1, List.of(concluded.getLast()), at(9200));

    // then
    assertThat(concluded).extracting(history -> history.pod().name()).containsExactly("a", "b");
    assertThat(whileOneIsLeft).hasSize(1);
    assertThat(watched.histories(WEB)).isEmpty();
  }

  @Test
  void aReplicaSetThatIsGoneTakesThePodsAlongThatNobodyPublishes() {
    // given
    running("a", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 0);
    watched.replicaSetGone(RS_1);

    // when
    watched.govern(WEB, null);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(watched.histories(WEB)).isEmpty();
    assertThat(watched.course("a")).isNull();
  }

  @Test
  void podsWhoseReplicaSetWasNeverSeenAreIgnoredAndForgotten() {
    // given
    watched.pod(ofReplicaSet("rs-7", pod("c", "10.0.0.3", true, null, null, Map.of())), at(-2000));

    // when
    watched.podGone(
        ofReplicaSet("rs-7", pod("c", "10.0.0.3", true, null, null, Map.of())), false, at(0));
    watched.replicaSet(revision("rs-7", 7, 1), at(100));

    // then
    assertThat(view("rs-7").watchedPods()).isEmpty();
    assertThat(view("rs-7").concluded()).isEmpty();
  }

  /** As tools do that take a pod out of its Service by its labels before they delete it. */
  @Test
  void aPodThatIsTakenOutOfItsReplicaSetKeepsItsIdentity() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.pod(ofReplicaSet(null, pod("a", "10.0.0.1", true, null, null, Map.of())), at(-500));
    watched.pod(ofReplicaSet(null, pod("a", "10.0.0.1", true, 30L, null, Map.of())), at(0));
    slice("s", Map.of("a", LEFT), 40);
    watched.pod(
        ofReplicaSet(null, pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED))), at(8000));

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(40);
    assertThat(concluded("rs-1").cause()).isEqualTo(Cause.Deletion);
  }

  @Test
  void aReplicaSetThatIsOrphanedAndThenDeletedLeavesNothing() {
    // given
    watched.replicaSet(
        new RevisionFacts("shop", "web-rs-1", "rs-1", null, 1, 3, "t-1", List.of(app())),
        at(-3000));

    // when
    watched.replicaSetGone(RS_1);

    // then
    assertThat(watched.histories(WEB)).isEmpty();
    assertThat(watched.observatory.workload(WEB).clientPorts().tcp()).isEmpty();
  }

  @Test
  void theServingPortsAreThoseOfAllItsSlices() {
    // given
    running("a", "10.0.0.1");
    slice("s-1", Set.of(8080), Map.of("a", READY), -1000);
    slice("s-2", Set.of(9090), Map.of("a", READY), -1000);
    slice("other", Set.of(5432), Map.of("of-another-deployment", READY), -1000);

    // when
    Set<Integer> ports = watched.observatory.workload(WEB).clientPorts().tcp();

    // then
    assertThat(ports).containsExactlyInAnyOrder(8080, 9090);
  }

  // ---------------------------------------------------------------- causes

  @Test
  void aNewerRevisionMakesItARollout() {
    // given
    running("a", "10.0.0.1");
    watched.replicaSet(revision("rs-2", 2, 1), at(-3000));

    // when
    watched.replicaSet(revision("rs-1", 1, 0), at(-3000));
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").cause()).isEqualTo(Cause.Rollout);
  }

  @Test
  void fewerReplicasOfTheNewestRevisionMakeItAScaleIn() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");

    // when
    watched.replicaSet(revision("rs-1", 1, 2), at(-3000));
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").cause()).isEqualTo(Cause.ScaleIn);
  }

  @Test
  void aScaleInIsOneAlsoIfThePodsWatchIsFirst() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.replicaSet(revision("rs-1", 1, 2), at(-3000));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").cause()).isEqualTo(Cause.ScaleIn);
  }

  @Test
  void aPodThatIsReplacedWasDeleted() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");

    // when
    deleted("a", "10.0.0.1", 30, 0);
    running("d", "10.0.0.4");
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").cause()).isEqualTo(Cause.Deletion);
  }

  @Test
  void aDisruptionTellsItsOwnCause() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");

    // when
    for (String name : List.of("a", "b")) {
      String reason = name.equals("a") ? "EvictionByEvictionAPI" : "PreemptionByScheduler";
      watched.pod(pod(name, null, true, 30L, reason, Map.of()), at(0));
      watched.pod(pod(name, null, false, 30L, reason, allExits(COMPLETED)), at(900));
    }

    // then
    assertThat(Watched.timelines(view("rs-1")))
        .extracting(c -> c.cause())
        .containsExactly(Cause.Eviction, Cause.Other);
  }

  // ---------------------------------------------------------------- waiting for the rest

  @Test
  void aPodThatEndedBeforeItWasSeenToLeaveIsWaitedForAndTheLastEvidenceIsKept() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(100));
    boolean waited = view("rs-1").concluded().isEmpty();
    slice("s", Map.of("a", LEFT), 130);

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(130);
    assertThat(only("rs-1").lastEvidence()).isEqualTo(at(130));
  }

  @Test
  void aPodThatIsGoneIsStillWaitedFor() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    PodFacts last = pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED));

    // when
    watched.pod(last, at(100));
    watched.podGone(last, false, at(110));
    watched.tick(at(2_099));
    boolean waited = view("rs-1").concluded().isEmpty();
    watched.tick(at(2_100));

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").leftMillis()).isNull();
    assertThat(concluded("rs-1").ending()).isEqualTo(new Ending(100, ENDED));
  }

  @Test
  void aPodThatEndedSoonAndWasDroppedFromItsSlicesHasLeftThen() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(1_999));
    slice("s", Map.of(), 2_050);

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(2_050);
  }

  @Test
  void aPodThatWasReadyForLongAndThenDroppedNeverLeft() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    slice("s", Map.of("a", STILL_READY), 40);
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(2_000));
    slice("s", Map.of(), 2_050);

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void aPodThatWasKeptReadyNeverLeftHoweverSoonItEnded() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    slice("s", Map.of("a", STILL_READY), 40);
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(500));
    slice("s", Map.of(), 550);

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void whatOneSliceKeptReadyToTheEndHasNotLeftByWhatAnotherSays() {
    // given
    deletedAndKeptReadyByOneOfTwoSlices();

    // when
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_162));
    slice("kept", Map.of(), 7_169);

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void whatOneSliceKeptReadyToTheEndMayBeDroppedByItJustBeforeTheEndIsSeen() {
    // given
    deletedAndKeptReadyByOneOfTwoSlices();

    // when
    slice("kept", Map.of(), 6_700);
    slice("s", Map.of("a", LEFT, "b", READY), 6_800);
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_200));

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void whatASliceKeptReadyLeavesAsThatSliceIsTakenAway() {
    // given
    deletedAndKeptReadyByOneOfTwoSlices();

    // when
    slice("kept", Map.of(), 2_000);
    slice("s", Map.of("a", LEFT, "b", READY), 2_500);
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_200));

    // then
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(2_000);
  }

  @ParameterizedTest
  @CsvSource({"3, true", "1000, true", "1001, false"})
  void podThatItsSliceDroppedJustBeforeItsDeletionWasSeenIsExposed(
      long beforeMillis, boolean exposed) {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -2000);

    // when
    slice("s", Map.of(), -beforeMillis);
    watched.pod(podOf("a", "10.0.0.1", 0L, List.of(app()), Map.of()), at(0));
    watched.pod(podOf("a", "10.0.0.1", 0L, List.of(app()), allExits(COMPLETED)), at(2));

    // then
    assertThat(concluded("rs-1").exposed()).isEqualTo(exposed);
  }

  @Test
  void podOnTheNetworkOfItsNodeIsNotAsked() {
    // given
    PodFacts running = podOf("a", "10.0.0.1", null, List.of(app()), Map.of());
    PodFacts ended = podOf("a", "10.0.0.1", 30L, List.of(app()), allExits(COMPLETED));
    watched.pod(onItsNodesNetwork(running), at(-2000));
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.pod(onItsNodesNetwork(ended), at(500));
    slice("s", Map.of("a", LEFT), 550);

    // then
    assertThat(watched.toMeet).isEmpty();
    assertThat(watched.started).isEmpty();
    assertThat(watched.observatory.workload(WEB).readyAddress()).isEmpty();
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NoPodsAddress);
  }

  /** As whoever may write a pod's status could make it look. */
  @Test
  void anAddressThatNoPodHasIsNotAsked() {
    // given
    running("a", "169.254.169.254");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "169.254.169.254", 30, 0);
    slice("s", Map.of("a", LEFT), 50);
    exited("a", "169.254.169.254", COMPLETED, 900);

    // then
    assertThat(watched.toMeet).isEmpty();
    assertThat(watched.started).isEmpty();
    assertThat(watched.observatory.workload(WEB).readyAddress()).isEmpty();
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NoPodsAddress);
  }

  @Test
  void betweenTwoSlicesAPodHasNotLeft() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    slice("s", Map.of(), 10);
    Long between = leftMillis(1_010);
    Long longAfter = leftMillis(1_011);
    slice("t", Map.of("a", STILL_READY), 1_020);
    Long ready = leftMillis(3_000);
    slice("t", Map.of("a", LEFT), 3_100);

    // then
    assertThat(between).isNull();
    assertThat(longAfter).isEqualTo(10L);
    assertThat(ready).isNull();
    assertThat(leftMillis(3_200)).isEqualTo(3_100L);
  }

  @Test
  void aHookOfAnotherKindIsGivenTimeToBeReported() {
    // given
    ContainerFacts app = new ContainerFacts("app", true, 0, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    watched.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    watched.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of()), at(0));
    slice("s", Map.of("a", LEFT), 40);

    // when
    watched.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of("app", FAILED)), at(500));
    watched.tick(at(999));
    watched.hookFailed("shop", "a", "log", at(999));
    boolean waited = view("rs-1").concluded().isEmpty();
    watched.hookFailed("shop", "a", "app", at(999));

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").hookFailed()).isEqualTo(new FailedHook("app", Role.Serves));
    assertThat(concluded("rs-1").sigterm()).isNull();
  }

  @Test
  void whatEndedIsProbedNoLonger() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.met(RS_1, REACHABLE);
    deleted("a", "10.0.0.1", 30, 0);
    watched.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(100));

    // when
    watched.connected("a", ConnectOutcome.Refused, at(120));
    watched.tick(at(5_000));

    // then
    assertThat(watched.course("a")).isNull();
    assertThat(concluded("rs-1").connectionAttempts()).isEmpty();
  }

  // ---------------------------------------------------------------- what stands around it

  @Test
  void theLastReadyEndpointOfAServiceIsTold() {
    // given
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    slice("s", Map.of("a", READY, "b", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT, "b", READY), 40);
    deleted("b", "10.0.0.2", 30, 100);
    slice("s", Map.of("a", LEFT, "b", LEFT), 140);

    // when
    exited("a", "10.0.0.1", COMPLETED, 8000);
    exited("b", "10.0.0.2", COMPLETED, 8000);

    // then
    assertThat(Watched.timelines(view("rs-1")))
        .extracting(c -> c.pod().name(), c -> c.lastOfItsService())
        .containsExactly(tuple("a", false), tuple("b", true));
  }

  @Test
  void ofADeploymentThatWantsNoReplicasNoneIsTheLast() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.replicaSet(revision("rs-1", 1, 0), at(-3000));

    // when
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT), 40);
    exited("a", "10.0.0.1", COMPLETED, 8000);

    // then
    assertThat(concluded("rs-1").lastOfItsService()).isFalse();
  }

  @Test
  void aPodThatItsNodeEndedIsConcludedOnce() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    PodFacts evicted =
        new PodFacts(
            ref("a"),
            "rs-1",
            "10.0.0.1",
            false,
            0,
            null,
            false,
            "TerminationByKubelet",
            "Evicted",
            null,
            false,
            List.of(app()),
            Map.of("app", new Exit(137, "Error", null)));

    // when
    watched.pod(evicted, at(0));
    watched.pod(evicted, at(10));

    // then
    assertThat(concluded("rs-1").endedByNode()).isEqualTo("Evicted");
    assertThat(watched.started).isEmpty();
  }

  // ---------------------------------------------------------------- requests

  @Test
  void whereThePathWasAnsweredItIsRequested() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    var met = new Baseline(true, true, Keeping.Kept, 40, 200, null);
    watched.met(RS_1, met);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    var asking = new ProbePlan(8080, false, "/query", false);
    assertThat(watched.started)
        .containsExactly(new ProbeTarget(WEB, RS_1, ref("a"), "10.0.0.1", asking, List.of(), met));
    assertThat(concluded("rs-1").asked()).isEqualTo(new ProbedPath("/query", false, 40));
  }

  @Test
  void wherePathWasNotAnsweredConnectionsAreAll() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");
    slice("s", Map.of("a", READY, "b", READY, "c", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.met(RS_1, new Baseline(true, false, Keeping.Unknown, 0, 0, null));
    deleted("b", "10.0.0.2", 30, 0);
    watched.met(RS_1, new Baseline(true, false, Keeping.Unknown, 0, 0, "envoy"));
    deleted("c", "10.0.0.3", 30, 0);
    exited("c", "10.0.0.3", COMPLETED, 900);

    // then
    assertThat(watched.started).extracting(ProbeTarget::asking).containsOnly(CONNECTIONS);
    assertThat(concluded("rs-1").asked()).isNull();
    assertThat(concluded("rs-1").template().proxy()).isEqualTo("envoy");
  }

  @Test
  void anotherPathIsMetAnew() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    govern("/other");
    govern("/other");

    // then
    assertThat(watched.toMeet)
        .extracting(t -> t.asking().path())
        .containsExactly("/query", "/other");
  }

  @Test
  void exchangesAndTheIdleConnectionAreInTheTimeline() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.met(RS_1, new Baseline(true, true, Keeping.Kept, 40, 200, null));
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.requested("a", at(10), at(48), at(50), RequestFate.Answered);
    watched.idled("a", at(20), at(60), true);
    exited("a", "10.0.0.1", COMPLETED, 900);
    watched.requested("a", at(910), at(948), at(950), RequestFate.Cut);
    watched.idled("a", at(20), null, false);

    // then
    assertThat(concluded("rs-1").keepAliveRequests())
        .containsExactly(new KeepAliveRequest(10, 48, 50, RequestFate.Answered));
    assertThat(concluded("rs-1").idleConnection()).isEqualTo(new IdleConnection(20, 60L, true));
  }

  @ParameterizedTest
  @CsvSource({"700, 5700, 7200", "2500, 5750, 9000"})
  void whenTheKubeletTakesUpTheDeletionSigtermIsKnownBetter(
      int takenMillis, long earliestMillis, long latestMillis) {
    // given
    var app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    watched.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    watched.pod(podOf("a", "10.0.0.1", 36L, List.of(app), Map.of()), at(0));

    // when
    Course before = watched.course("a");
    watched.pod(
        new PodFacts(
            ref("a"),
            "rs-1",
            "10.0.0.1",
            true,
            0,
            36L,
            true,
            null,
            null,
            null,
            false,
            List.of(app),
            Map.of()),
        at(takenMillis));

    // then
    assertThat(before).extracting(Course::sigterm).isEqualTo(new SigtermWindow(5_750, 8_500));
    assertThat(watched.course("a"))
        .extracting(Course::sigterm)
        .isEqualTo(new SigtermWindow(earliestMillis, latestMillis));
  }

  /** Reports r01 and r28: the hook is a command, and its text may tell how long it takes. */
  @ParameterizedTest
  @CsvSource({
    "15000, Command, 14750, 19500",
    "0, Native, 0, 2500",
    // The kubelet waits for none beyond the grace period.
    "35000, Command, 29750, 34500",
  })
  void theTextOfAHookTellsWhenSigtermComesR01R28(
      long millis, HookSleep.Kind kind, long earliestMillis, long latestMillis) {
    // given
    deletedWith(new HookSleep(millis, kind));
    exited("a", "10.0.0.1", COMPLETED, 40_000);

    // then
    assertThat(concluded("rs-1").sigterm())
        .isEqualTo(new SigtermWindow(earliestMillis, latestMillis));
    assertThat(concluded("rs-1").template().hookMillis()).isEqualTo(millis);
  }

  @Test
  void aCommandThatDoesMoreDoesNotTellWhenSigtermComesR01() {
    // given
    deletedWith(new HookSleep(15_000, HookSleep.Kind.AtLeast));
    exited("a", "10.0.0.1", COMPLETED, 20_000);

    // then
    assertThat(concluded("rs-1").sigterm()).isNull();
    assertThat(concluded("rs-1").leftTimeForClients()).isTrue();
  }

  /** Its image may lack the command: SIGTERM came at once. */
  @Test
  void aCommandThatFailedDoesNotTellWhenSigtermComesR01() {
    // given
    deletedWith(new HookSleep(15_000, HookSleep.Kind.Command));
    watched.hookFailed("shop", "a", "app", at(100));
    exited("a", "10.0.0.1", COMPLETED, 20_000);

    // then
    assertThat(concluded("rs-1").sigterm()).isNull();
  }

  private void deletedWith(HookSleep hook) {
    var app = new ContainerFacts("app", true, 0, hook, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    watched.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    watched.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of()), at(0));
    slice("s", Map.of("a", LEFT), 40);
    watched.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of()), at(50));
  }

  @Test
  void whatAReadyPodAnswersBadlyIsToldBeforeAnyEnds() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.clear();

    // when
    watched.met(RS_1, new Baseline(true, false, Keeping.Unknown, 0, 500, null));

    // then
    assertThat(view("rs-1").unfit()).isEqualTo(new UnfitPath("/query", false, 500));
    assertThat(watched.changed).containsExactly(WEB);
  }

  @Test
  void withFiveSecondsOfGraceAfterItNobodyWaitsForSigterm() {
    // given
    var app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    watched.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));

    // when
    watched.pod(podOf("a", "10.0.0.1", 11L, List.of(app), Map.of()), at(0));

    // then
    assertThat(watched.course("a")).extracting(Course::sigterm).isNull();
  }

  private void govern(String path) {
    watched.govern(
        WEB, new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.Http, path, null, List.of())));
  }

  // ---------------------------------------------------------------- probing

  @Test
  void aRevisionIsMetOnceWhenAnyOfItsPodsCanBeReached() {
    // given
    running("a", "10.0.0.1");

    // when
    slice("s", Map.of("a", READY), -1000);
    running("b", "10.0.0.2");
    slice("s", Map.of("a", READY, "b", READY), -900);

    // then
    assertThat(watched.toMeet)
        .containsExactly(
            new ProbeTarget(WEB, RS_1, ref("a"), "10.0.0.1", CONNECTIONS, List.of(), null));
  }

  @Test
  void aPodThatIsNotReadyIsNotMet() {
    // given
    slice("s", Map.of("a", UNREADY), -1000);

    // when
    watched.pod(pod("a", "10.0.0.1", false, null, null, Map.of()), at(-900));
    watched.pod(pod("a", null, true, null, null, Map.of()), at(-800));

    // then
    assertThat(watched.toMeet).hasSize(1);
  }

  @Test
  void noPodIsProbedUnlessThePolicyAsksForIt() {
    // given
    watched.govern(
        WEB, new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.None, null, null, List.of())));
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(watched.toMeet).isEmpty();
    assertThat(watched.started).isEmpty();
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NotAsked);
  }

  @Test
  void onceAskedThePodsThatRunAreMet() {
    // given
    watched.govern(
        WEB, new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.None, null, null, List.of())));
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.govern(WEB, CONNECT);

    // then
    assertThat(watched.toMeet).hasSize(1);
  }

  @Test
  void refusalsCountWhereTheRevisionAnsweredBefore() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.met(RS_1, REACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.connected("a", ConnectOutcome.Refused, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(watched.started)
        .containsExactly(
            new ProbeTarget(WEB, RS_1, ref("a"), "10.0.0.1", CONNECTIONS, List.of(), REACHABLE));
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.Reached);
  }

  @Test
  void whereNobodyEverAnsweredRefusalsMeanNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.met(RS_1, Baseline.UNREACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.connected("a", ConnectOutcome.Refused, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NeverReachable);
  }

  @Test
  void anAnswerWhileEndingShowsThatThePodCanBeReached() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.met(RS_1, Baseline.UNREACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.connected("a", ConnectOutcome.Accepted, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.Reached);
  }

  @Test
  void beyondTheLimitTerminationsAreSampled() {
    // given
    watched = new Watched(1);
    aGovernedDeploymentWithOneRevision();
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");
    slice("s", Map.of("a", READY, "b", READY, "c", READY), -1000);
    watched.met(RS_1, REACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    deleted("b", "10.0.0.2", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);
    exited("b", "10.0.0.2", COMPLETED, 900);
    deleted("c", "10.0.0.3", 30, 1000);
    exited("c", "10.0.0.3", COMPLETED, 1900);

    // then
    assertThat(watched.started).extracting(t -> t.pod().name()).containsExactly("a", "c");
    assertThat(Watched.timelines(view("rs-1")))
        .extracting(c -> c.verification())
        .containsExactly(Verification.Reached, Verification.Sampled, Verification.Reached);
  }

  @Test
  void onceAnotherPodHasTheAddressConnectionsSayNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    watched.connected("a", ConnectOutcome.Accepted, at(50));

    // when
    running("b", "10.0.0.1");
    watched.connected("a", ConnectOutcome.Accepted, at(100));
    Course course = watched.course("a");
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(course).isNull();
    assertThat(concluded("rs-1").connectionAttempts())
        .containsExactly(new ConnectionAttempt(50, ConnectOutcome.Accepted));
  }

  @Test
  void connectionsAfterTheEndAreDropped() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // when
    watched.connected("a", ConnectOutcome.Refused, at(950));

    // then
    assertThat(watched.course("a")).isNull();
    assertThat(concluded("rs-1").connectionAttempts()).isEmpty();
  }

  // ---------------------------------------------------------------- blindness

  @Test
  void blindSpotsOfTheMinuteBeforeTheDeletionAreKept() {
    // given
    running("a", "10.0.0.1");
    watched.blind(at(-90_000), at(-60_001));
    watched.blind(at(-59_000), at(-58_000));
    watched.blind(at(-500), at(-100));

    // when
    deleted("a", "10.0.0.1", 30, 0);
    watched.blind(at(200), at(300));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").blindSpots())
        .containsExactly(
            new BlindSpot(-59_000, -58_000), new BlindSpot(-500, -100), new BlindSpot(200, 300));
  }

  @Test
  void blindSpotsThatTouchAreOne() {
    // given
    running("a", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 0);

    // when
    watched.blind(at(100), at(200));
    watched.blind(at(200), at(250));
    watched.blind(at(100), at(300));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").blindSpots()).containsExactly(new BlindSpot(100, 300));
  }

  // ---------------------------------------------------------------- who is told

  @Test
  void theWorkloadIsToldOfEachBeginningAndEnd() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    watched.clear();
    deleted("a", "10.0.0.1", 30, 0);
    List<WorkloadRef> atTheBeginning = List.copyOf(watched.changed);
    watched.clear();
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(atTheBeginning).containsExactly(WEB);
    assertThat(watched.changed).containsExactly(WEB);
  }

  @Test
  void anEventThatSaysNothingNewWakesNobody() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    watched.clear();

    // when
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -900);
    watched.replicaSet(revision("rs-1", 1, 3), at(-3000));

    // then
    assertThat(watched.changed).isEmpty();
    assertThat(watched.toMeet).isEmpty();
  }

  // ---------------------------------------------------------------- what the watches would say

  /** When the pod a has left as of then, for the probe. */
  private @Nullable Long leftMillis(long millis) {
    return Objects.requireNonNull(watched.course("a")).leftMillis(at(millis));
  }

  private void running(String name, String address) {
    watched.pod(pod(name, address, true, null, null, Map.of()), at(-2000));
  }

  private void deleted(String name, String address, long grace, long millis) {
    watched.pod(pod(name, address, true, grace, null, Map.of()), at(millis));
  }

  private void deletedAndKeptReadyByOneOfTwoSlices() {
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    slice("kept", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT), 30);
    slice("kept", Map.of("a", STILL_READY), 40);
  }

  private void exited(String name, String address, Exit exit, long millis) {
    watched.pod(pod(name, address, false, 30L, null, allExits(exit)), at(millis));
    watched.tick(at(millis + 2_000));
  }

  private static Map<String, Exit> allExits(Exit ofTheApp) {
    return Map.of("app", ofTheApp, "admin", COMPLETED, "log", COMPLETED);
  }

  private void exits(String name, Map<String, Exit> exits, long millis) {
    watched.pod(pod(name, "10.0.0.1", false, 30L, null, exits), at(millis));
    watched.tick(at(millis + 2_000));
  }

  private void slice(String name, Map<String, EndpointFacts> endpoints, long millis) {
    slice(name, Set.of(8080), endpoints, millis);
  }

  private void slice(
      String name, Set<Integer> ports, Map<String, EndpointFacts> endpoints, long millis) {
    watched.slice(
        new SliceFacts("shop", name, "web", false, ports, Set.of(), endpoints), at(millis));
  }

  private RevisionHistories view(String revisionUid) {
    return watched.histories(WEB).stream()
        .filter(view -> view.facts().uid().equals(revisionUid))
        .findFirst()
        .orElseThrow();
  }

  private Timeline concluded(String revisionUid) {
    return Interpreter.timeline(only(revisionUid));
  }

  private History only(String revisionUid) {
    List<History> concluded = view(revisionUid).concluded();
    assertThat(concluded).hasSize(1);
    return Objects.requireNonNull(concluded.getFirst());
  }

  private static RevisionFacts revision(String uid, long number, int replicas) {
    return new RevisionFacts(
        "shop", "web-" + uid, uid, WEB, number, replicas, "t-" + number, List.of(app()));
  }

  /** A pod with a server at 8080, one at 9090, and a container that serves nothing. */
  private static PodFacts pod(
      String name,
      @Nullable String address,
      boolean ready,
      @Nullable Long grace,
      @Nullable String disruption,
      Map<String, Exit> exits) {
    return new PodFacts(
        ref(name),
        "rs-1",
        address == null ? "10.0.0.99" : address,
        ready,
        0,
        grace,
        false,
        disruption,
        null,
        null,
        false,
        List.of(
            app(),
            new ContainerFacts("admin", false, 0, false, null, Set.of(9090), Map.of()),
            new ContainerFacts("log", false, 0, false, null, Set.of(), Map.of())),
        exits);
  }

  private static PodFacts podOf(
      String name,
      String address,
      @Nullable Long grace,
      List<ContainerFacts> containers,
      Map<String, Exit> exits) {
    return new PodFacts(
        ref(name),
        "rs-1",
        address,
        true,
        0,
        grace,
        false,
        null,
        null,
        null,
        false,
        containers,
        exits);
  }

  private static PodFacts ofReplicaSet(@Nullable String uid, PodFacts pod) {
    return with(uid, pod.hostNetwork(), pod);
  }

  private static PodFacts onItsNodesNetwork(PodFacts pod) {
    return with(pod.replicaSetUid(), true, pod);
  }

  private static PodFacts with(@Nullable String replicaSetUid, boolean hostNetwork, PodFacts pod) {
    return new PodFacts(
        pod.ref(),
        replicaSetUid,
        pod.address(),
        pod.ready(),
        pod.graceSeconds(),
        pod.deletionGraceSeconds(),
        pod.deletionTaken(),
        pod.disruption(),
        pod.failure(),
        pod.proxy(),
        hostNetwork,
        pod.containers(),
        pod.exits());
  }

  private static ContainerFacts app() {
    return new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());
  }

  private static PodRef ref(String name) {
    return new PodRef("shop", name, name);
  }

  private static Tick at(long millis) {
    return new Tick(MOMENT).plusMillis(millis);
  }
}
