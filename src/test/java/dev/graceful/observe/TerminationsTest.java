package dev.graceful.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.observe.SliceFacts.EndpointFacts;
import dev.graceful.observe.Terminations.Concluded;
import dev.graceful.observe.Terminations.Progress;
import dev.graceful.observe.Terminations.RevisionView;
import dev.graceful.observe.Terminations.Settings;
import dev.graceful.observe.Terminations.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All times are milliseconds since an arbitrary moment, mostly that of the deletion. */
class TerminationsTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final Settings CONNECT =
      new Settings(5, new Asking.Wish(VerifyMode.Connect, null, null));
  private static final Asking CONNECTIONS = new Asking(8080, false, null, false);
  private static final RevisionRef RS_1 = new RevisionRef("shop", "rs-1");
  private static final Acquaintance REACHABLE = new Acquaintance(true, false, false, 0, 0, null);
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts UNREADY = new EndpointFacts(false, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final EndpointFacts STILL_READY = new EndpointFacts(true, true);
  private static final Exit COMPLETED = new Exit(0, "Completed", null);
  private static final Exit FAILED = new Exit(1, "Error", null);

  /** System.nanoTime() may overflow at any moment, so here it does. */
  private static final long MOMENT = Long.MAX_VALUE - Duration.ofMillis(20).toNanos();

  private final Heard heard = new Heard();
  private Terminations terminations = new Terminations(heard, 10);

  @BeforeEach
  void aGovernedDeploymentWithOneRevision() {
    terminations.govern(WEB, CONNECT);
    terminations.replicaSet(revision("rs-1", 1, 3));
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
    assertThat(timeline.ending()).isEqualTo(new Ending(8000, COMPLETED, null));
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
    terminations.sliceGone("shop", "s", at(90));
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
  void aPodOfNoSliceIsNotExposedAndNotKnockedAt() {
    // given
    running("a", "10.0.0.1");

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 500);

    // then
    assertThat(concluded("rs-1").exposed()).isFalse();
    assertThat(heard.started).isEmpty();
  }

  // ---------------------------------------------------------------- the end

  @Test
  void aPodThatHadEndedWhenItsDeletionWasFirstSeen() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    terminations.podGone(
        pod("a", "10.0.0.1", false, 30L, null, Map.of("app", COMPLETED)), false, at(0));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.ending()).isEqualTo(new Ending(0, null, null));
    assertThat(timeline.unseen()).isEqualTo(Unseen.EndedBefore);
  }

  @Test
  void aPodThatIsForceDeleted() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    terminations.podGone(pod("a", "10.0.0.1", true, null, null, Map.of()), false, at(0));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.graceSeconds()).isZero();
    assertThat(timeline.ending()).isEqualTo(new Ending(0, null, null));
    assertThat(timeline.unseen()).isNull();
    assertThat(heard.started).isEmpty();
  }

  @Test
  void aPodThatIsForceDeletedWhileItEnds() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.podGone(pod("a", "10.0.0.1", true, 0L, null, Map.of()), false, at(3000));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.graceSeconds()).isEqualTo(30);
    assertThat(timeline.ending()).isEqualTo(new Ending(3000, null, null));
  }

  @Test
  void aRunningPodThatVanishedWhileTheWatchWasDown() {
    // given
    running("a", "10.0.0.1");

    // when
    terminations.podGone(pod("a", "10.0.0.1", true, null, null, Map.of()), true, at(0));

    // then
    assertThat(concluded("rs-1")).isEqualTo(Timeline.unseen(ref("a"), Unseen.WatchGap));
  }

  @Test
  void aTerminatingPodThatVanishedWhileTheWatchWasDownKeepsItsEvidence() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    terminations.knocked("a", Knock.Outcome.Accepted, at(50));

    // when
    terminations.podGone(
        pod("a", "10.0.0.1", true, null, null, Map.of("app", COMPLETED)), true, at(9000));

    // then
    Timeline timeline = concluded("rs-1");
    assertThat(timeline.unseen()).isEqualTo(Unseen.WatchGap);
    assertThat(timeline.knocks()).containsExactly(new Knock(50, Knock.Outcome.Accepted));
    assertThat(timeline.ending()).isEqualTo(new Ending(9000, null, null));
  }

  @Test
  void itEndsWhenAllServingContainersHaveAndNoSooner() {
    // given
    running("a", "10.0.0.1");
    slice("s", Set.of(8080, 9090), Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    exits("a", Map.of("app", COMPLETED, "log", FAILED), 2000);
    List<Concluded> beforeTheSecond = view("rs-1").concluded();
    exits("a", Map.of("app", COMPLETED, "admin", FAILED, "log", FAILED), 3000);

    // then
    assertThat(beforeTheSecond).isEmpty();
    assertThat(concluded("rs-1").ending()).isEqualTo(new Ending(3000, FAILED, null));
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
    assertThat(concluded("rs-1").ending()).isEqualTo(new Ending(2000, COMPLETED, null));
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
    assertThat(concluded("rs-1").graceShortened()).isTrue();
    assertThat(concluded("rs-1").graceSeconds()).isEqualTo(30);
  }

  @Test
  void theFinalDeletionOfTheKubeletShortensNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.podGone(
        pod("a", "10.0.0.1", false, 0L, null, Map.of("app", COMPLETED)), false, at(8000));
    terminations.tick(at(10_000));

    // then
    assertThat(concluded("rs-1").graceShortened()).isFalse();
  }

  @Test
  void theLongestSleepOfTheServingContainersCounts() {
    // given
    slice("s", Map.of("a", READY), -1000);
    ContainerFacts app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    ContainerFacts log = new ContainerFacts("log", true, 20, false, null, Set.of(), Map.of());
    terminations.pod(podOf("a", "10.0.0.1", null, List.of(app, log), Map.of()), at(-1000));

    // when
    terminations.pod(podOf("a", "10.0.0.1", 36L, List.of(app, log), Map.of()), at(0));
    terminations.pod(
        podOf("a", "10.0.0.1", 36L, List.of(app, log), Map.of("app", COMPLETED)), at(8000));
    terminations.tick(at(10_000));

    // then
    assertThat(concluded("rs-1").template().sleepSeconds()).isEqualTo(6);
  }

  // ---------------------------------------------------------------- whose pods

  @Test
  void podsOfAnUngovernedDeploymentAreNotJudged() {
    // given
    terminations.release(WEB);
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 8000);
    terminations.podGone(pod("a", "10.0.0.1", false, 0L, null, Map.of()), false, at(8100));

    // then
    assertThat(view("rs-1").concluded()).isEmpty();
    assertThat(view("rs-1").watchedPods()).isEmpty();
    assertThat(heard.started).isEmpty();
    assertThat(heard.toMeet).isEmpty();
  }

  @Test
  void aTerminationUnderWayIsFinishedByTheSettingsThatItBeganWith() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.govern(WEB, new Settings(60, new Asking.Wish(VerifyMode.None, null, null)));
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
    terminations.pod(
        new PodFacts(
            ref("a"),
            null,
            "10.0.0.1",
            true,
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
    assertThat(heard.changed).isEmpty();
    assertThat(view("rs-1").watchedPods()).isEmpty();
  }

  @Test
  void aPodThatIsSeenBeforeItsReplicaSetIsFoundLater() {
    // given
    terminations.pod(
        new PodFacts(
            ref("b"),
            "rs-2",
            "10.0.0.2",
            true,
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
    heard.clear();

    // when
    terminations.replicaSet(revision("rs-2", 2, 1));

    // then
    assertThat(view("rs-2").watchedPods()).containsExactly(ref("b"));
    assertThat(heard.changed).contains(WEB);
    assertThat(heard.toMeet).extracting(target -> target.revision().uid()).containsExactly("rs-2");
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
    RevisionView view = view("rs-1");
    assertThat(view.watchedPods()).containsExactly(ref("a"), ref("c"));
    assertThat(view.terminating()).isEqualTo(1);
    assertThat(view.concluded()).extracting(c -> c.timeline().pod().name()).containsExactly("b");
  }

  @Test
  void whatIsPublishedIsForgotten() {
    // given
    running("a", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);
    Concluded published = only("rs-1");
    running("b", "10.0.0.2");
    deleted("b", "10.0.0.2", 30, 1000);
    exited("b", "10.0.0.2", COMPLETED, 1900);

    // when
    terminations.published(RS_1, List.of(published));
    terminations.published(new RevisionRef("other", "rs-1"), List.of(published));

    // then
    assertThat(concluded("rs-1").pod()).isEqualTo(ref("b"));
  }

  @Test
  void theRevisionsComeOldestFirst() {
    // given
    terminations.replicaSet(revision("rs-9", 3, 0));
    terminations.replicaSet(revision("rs-5", 2, 0));

    // when
    List<RevisionView> views = terminations.revisions(WEB);

    // then
    assertThat(views).extracting(v -> v.facts().uid()).containsExactly("rs-1", "rs-5", "rs-9");
  }

  @Test
  void aReplicaSetThatIsGoneTakesItsPodsAlong() {
    // given
    running("a", "10.0.0.1");
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.replicaSetGone(RS_1);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(terminations.revisions(WEB)).isEmpty();
    assertThat(terminations.progress("a", at(1000))).isNull();
  }

  @Test
  void aReplicaSetThatIsOrphanedAndThenDeletedLeavesNothing() {
    // given
    terminations.replicaSet(
        new RevisionFacts("shop", "web-rs-1", "rs-1", null, 1, 3, "t-1", List.of(app())));

    // when
    terminations.replicaSetGone(RS_1);

    // then
    assertThat(terminations.revisions(WEB)).isEmpty();
    assertThat(terminations.servingPorts(WEB)).isEmpty();
  }

  @Test
  void theServingPortsAreThoseOfAllItsSlices() {
    // given
    running("a", "10.0.0.1");
    slice("s-1", Set.of(8080), Map.of("a", READY), -1000);
    slice("s-2", Set.of(9090), Map.of("a", READY), -1000);
    slice("other", Set.of(5432), Map.of("of-another-deployment", READY), -1000);

    // when
    Set<Integer> ports = terminations.servingPorts(WEB);

    // then
    assertThat(ports).containsExactlyInAnyOrder(8080, 9090);
  }

  // ---------------------------------------------------------------- causes

  @Test
  void aNewerRevisionMakesItARollout() {
    // given
    running("a", "10.0.0.1");
    terminations.replicaSet(revision("rs-2", 2, 1));

    // when
    terminations.replicaSet(revision("rs-1", 1, 0));
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
    terminations.replicaSet(revision("rs-1", 1, 2));
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
    terminations.replicaSet(revision("rs-1", 1, 2));
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
      terminations.pod(pod(name, null, true, 30L, reason, Map.of()), at(0));
      terminations.pod(pod(name, null, false, 30L, reason, allExits(COMPLETED)), at(900));
    }

    // then
    assertThat(view("rs-1").concluded())
        .extracting(c -> c.timeline().cause())
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
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(100));
    boolean waited = view("rs-1").concluded().isEmpty();
    slice("s", Map.of("a", LEFT), 130);

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").leftMillis()).isEqualTo(130);
    assertThat(only("rs-1").lastEvidenceNanos()).isEqualTo(at(130));
  }

  @Test
  void aPodThatIsGoneIsStillWaitedFor() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    PodFacts last = pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED));

    // when
    terminations.pod(last, at(100));
    terminations.podGone(last, false, at(110));
    terminations.tick(at(2_099));
    boolean waited = view("rs-1").concluded().isEmpty();
    terminations.tick(at(2_100));

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").leftMillis()).isNull();
    assertThat(concluded("rs-1").ending()).isEqualTo(new Ending(100, COMPLETED, null));
  }

  @Test
  void aPodThatEndedSoonAndWasDroppedFromItsSlicesHasLeftThen() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(1_999));
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
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(2_000));
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
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(500));
    slice("s", Map.of(), 550);

    // then
    assertThat(concluded("rs-1").leftMillis()).isNull();
  }

  @Test
  void whatOneSliceKeptReadyToTheEndHasNotLeftByWhatAnotherSays() {
    // given
    deletedAndKeptReadyByOneOfTwoSlices();

    // when
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_162));
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
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_200));

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
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(7_200));

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
    terminations.pod(podOf("a", "10.0.0.1", 0L, List.of(app()), Map.of()), at(0));
    terminations.pod(podOf("a", "10.0.0.1", 0L, List.of(app()), allExits(COMPLETED)), at(2));

    // then
    assertThat(concluded("rs-1").exposed()).isEqualTo(exposed);
  }

  @Test
  void podOnTheNetworkOfItsNodeIsNotAsked() {
    // given
    PodFacts running = podOf("a", "10.0.0.1", null, List.of(app()), Map.of());
    PodFacts ended = podOf("a", "10.0.0.1", 30L, List.of(app()), allExits(COMPLETED));
    terminations.pod(onItsNodesNetwork(running), at(-2000));
    slice("s", Map.of("a", READY), -1000);

    // when
    terminations.pod(onItsNodesNetwork(ended), at(500));
    slice("s", Map.of("a", LEFT), 550);

    // then
    assertThat(heard.toMeet).isEmpty();
    assertThat(heard.started).isEmpty();
    assertThat(terminations.readyAddress(WEB)).isNull();
    assertThat(concluded("rs-1").template().hostNetwork()).isTrue();
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
    assertThat(heard.toMeet).isEmpty();
    assertThat(heard.started).isEmpty();
    assertThat(terminations.readyAddress(WEB)).isNull();
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
    Progress between = terminations.progress("a", at(1_010));
    Progress longAfter = terminations.progress("a", at(1_011));
    slice("t", Map.of("a", STILL_READY), 1_020);
    Progress ready = terminations.progress("a", at(3_000));
    slice("t", Map.of("a", LEFT), 3_100);

    // then
    assertThat(between).extracting(Progress::leftMillis).isNull();
    assertThat(longAfter).extracting(Progress::leftMillis).isEqualTo(10L);
    assertThat(ready).extracting(Progress::leftMillis).isNull();
    assertThat(terminations.progress("a", at(3_200)))
        .extracting(Progress::leftMillis)
        .isEqualTo(3_100L);
  }

  @Test
  void aHookOfAnotherKindIsGivenTimeToBeReported() {
    // given
    ContainerFacts app = new ContainerFacts("app", true, 0, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    terminations.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    terminations.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of()), at(0));
    slice("s", Map.of("a", LEFT), 40);

    // when
    terminations.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of("app", FAILED)), at(500));
    terminations.tick(at(1_499));
    boolean waited = view("rs-1").concluded().isEmpty();
    terminations.hookFailed("shop", "a", at(1_499));

    // then
    assertThat(waited).isTrue();
    assertThat(concluded("rs-1").hookFailed()).isTrue();
    assertThat(concluded("rs-1").sigterm()).isNull();
  }

  @Test
  void whatEndedIsKnockedAtNoLonger() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, REACHABLE);
    deleted("a", "10.0.0.1", 30, 0);
    terminations.pod(pod("a", "10.0.0.1", false, 30L, null, allExits(COMPLETED)), at(100));

    // when
    terminations.knocked("a", Knock.Outcome.Refused, at(120));
    terminations.tick(at(5_000));

    // then
    assertThat(terminations.progress("a", at(130))).isNull();
    assertThat(concluded("rs-1").knocks()).isEmpty();
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
    assertThat(view("rs-1").concluded())
        .extracting(c -> c.timeline().pod().name(), c -> c.timeline().lastOfItsService())
        .containsExactly(tuple("a", false), tuple("b", true));
  }

  @Test
  void ofADeploymentThatWantsNoReplicasNoneIsTheLast() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.replicaSet(revision("rs-1", 1, 0));

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
            null,
            false,
            "TerminationByKubelet",
            "Evicted",
            null,
            false,
            List.of(app()),
            Map.of("app", new Exit(137, "Error", null)));

    // when
    terminations.pod(evicted, at(0));
    terminations.pod(evicted, at(10));

    // then
    assertThat(concluded("rs-1").endedByNode()).isEqualTo("Evicted");
    assertThat(heard.started).isEmpty();
  }

  // ---------------------------------------------------------------- requests

  @Test
  void whereThePathWasAnsweredItIsRequested() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    var met = new Acquaintance(true, true, true, 40, 200, null);
    terminations.met(RS_1, met);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    var asking = new Asking(8080, false, "/query", false);
    assertThat(heard.started)
        .containsExactly(new Target(WEB, RS_1, ref("a"), "10.0.0.1", asking, met));
    assertThat(concluded("rs-1").asked()).isEqualTo(new Asked("/query", false, 40));
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
    terminations.met(RS_1, new Acquaintance(true, false, false, 0, 0, null));
    deleted("b", "10.0.0.2", 30, 0);
    terminations.met(RS_1, new Acquaintance(true, false, false, 0, 0, "envoy"));
    deleted("c", "10.0.0.3", 30, 0);
    exited("c", "10.0.0.3", COMPLETED, 900);

    // then
    assertThat(heard.started).extracting(Target::asking).containsOnly(CONNECTIONS);
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
    assertThat(heard.toMeet).extracting(t -> t.asking().path()).containsExactly("/query", "/other");
  }

  @Test
  void exchangesAndTheIdleConnectionAreInTheTimeline() {
    // given
    govern("/query");
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, new Acquaintance(true, true, true, 40, 200, null));
    deleted("a", "10.0.0.1", 30, 0);

    // when
    terminations.exchanged("a", at(10), at(48), at(50), Exchange.Fate.Answered);
    terminations.keptAlive("a", at(20), at(60), true);
    exited("a", "10.0.0.1", COMPLETED, 900);
    terminations.exchanged("a", at(910), at(948), at(950), Exchange.Fate.Cut);
    terminations.keptAlive("a", at(20), null, false);

    // then
    assertThat(concluded("rs-1").exchanges())
        .containsExactly(new Exchange(10, 48, 50, Exchange.Fate.Answered));
    assertThat(concluded("rs-1").idleKeepAlive()).isEqualTo(new IdleKeepAlive(20, 60L, true));
  }

  @Test
  void afterA5xxOnTheReadinessPathOnlyConnectionsAreAskedFor() {
    // given
    var probe = new ContainerFacts.HttpReadiness("/ready", 8080, false);
    var app = new ContainerFacts("app", false, 0, true, probe, Set.of(8080), Map.of());
    terminations.govern(WEB, new Settings(5, Asking.Wish.of(null)));
    terminations.replicaSet(
        new RevisionFacts("shop", "web-rs-1", "rs-1", WEB, 1, 3, "t-1", List.of(app)));
    terminations.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, new Acquaintance(true, true, true, 4, 200, null));
    terminations.pod(podOf("a", "10.0.0.1", 30L, List.of(app), Map.of()), at(0));

    // when
    Progress before = terminations.progress("a", at(10));
    terminations.knocked("a", Knock.Outcome.ServerError, at(20));

    // then
    assertThat(before).extracting(Progress::connectOnly).isEqualTo(false);
    assertThat(terminations.progress("a", at(30)))
        .extracting(Progress::connectOnly)
        .isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({"700, 5700, 7200", "2500, 5750, 9000"})
  void whenTheKubeletTakesUpTheDeletionSigtermIsKnownBetter(
      int takenMillis, long earliestMillis, long latestMillis) {
    // given
    var app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    terminations.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));
    terminations.pod(podOf("a", "10.0.0.1", 36L, List.of(app), Map.of()), at(0));

    // when
    Progress before = terminations.progress("a", at(10));
    terminations.pod(
        new PodFacts(
            ref("a"),
            "rs-1",
            "10.0.0.1",
            true,
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
    assertThat(before).extracting(Progress::sigterm).isEqualTo(new Sigterm(5_750, 8_500));
    assertThat(terminations.progress("a", at(takenMillis + 10)))
        .extracting(Progress::sigterm)
        .isEqualTo(new Sigterm(earliestMillis, latestMillis));
  }

  @Test
  void withFiveSecondsOfGraceAfterItNobodyWaitsForSigterm() {
    // given
    var app = new ContainerFacts("app", true, 6, true, null, Set.of(8080), Map.of());
    slice("s", Map.of("a", READY), -1000);
    terminations.pod(podOf("a", "10.0.0.1", null, List.of(app), Map.of()), at(-1000));

    // when
    terminations.pod(podOf("a", "10.0.0.1", 11L, List.of(app), Map.of()), at(0));

    // then
    assertThat(terminations.progress("a", at(10))).extracting(Progress::sigterm).isNull();
  }

  private void govern(String path) {
    terminations.govern(WEB, new Settings(5, new Asking.Wish(VerifyMode.Http, path, null)));
  }

  // ---------------------------------------------------------------- knocking

  @Test
  void aRevisionIsMetOnceWhenAnyOfItsPodsCanBeReached() {
    // given
    running("a", "10.0.0.1");

    // when
    slice("s", Map.of("a", READY), -1000);
    running("b", "10.0.0.2");
    slice("s", Map.of("a", READY, "b", READY), -900);

    // then
    assertThat(heard.toMeet)
        .containsExactly(new Target(WEB, RS_1, ref("a"), "10.0.0.1", CONNECTIONS, null));
  }

  @Test
  void aPodThatIsNotReadyIsNotMet() {
    // given
    slice("s", Map.of("a", UNREADY), -1000);

    // when
    terminations.pod(pod("a", "10.0.0.1", false, null, null, Map.of()), at(-900));
    terminations.pod(pod("a", null, true, null, null, Map.of()), at(-800));

    // then
    assertThat(heard.toMeet).hasSize(1);
  }

  @Test
  void nobodyIsMetOrKnockedAtUnlessAsked() {
    // given
    terminations.govern(WEB, new Settings(5, new Asking.Wish(VerifyMode.None, null, null)));
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(heard.toMeet).isEmpty();
    assertThat(heard.started).isEmpty();
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NotAsked);
  }

  @Test
  void onceAskedThePodsThatRunAreMet() {
    // given
    terminations.govern(WEB, new Settings(5, new Asking.Wish(VerifyMode.None, null, null)));
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);

    // when
    terminations.govern(WEB, CONNECT);

    // then
    assertThat(heard.toMeet).hasSize(1);
  }

  @Test
  void refusalsCountWhereTheRevisionAnsweredBefore() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, REACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    terminations.knocked("a", Knock.Outcome.Refused, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(heard.started)
        .containsExactly(new Target(WEB, RS_1, ref("a"), "10.0.0.1", CONNECTIONS, REACHABLE));
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.Knocked);
  }

  @Test
  void whereNobodyEverAnsweredRefusalsMeanNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, Acquaintance.UNREACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    terminations.knocked("a", Knock.Outcome.Refused, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.NeverReachable);
  }

  @Test
  void anAnswerWhileEndingIsAnAcquaintanceToo() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    terminations.met(RS_1, Acquaintance.UNREACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    terminations.knocked("a", Knock.Outcome.Accepted, at(20));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(concluded("rs-1").verification()).isEqualTo(Verification.Knocked);
  }

  @Test
  void beyondTheLimitTerminationsAreSampled() {
    // given
    terminations = new Terminations(heard, 1);
    aGovernedDeploymentWithOneRevision();
    running("a", "10.0.0.1");
    running("b", "10.0.0.2");
    running("c", "10.0.0.3");
    slice("s", Map.of("a", READY, "b", READY, "c", READY), -1000);
    terminations.met(RS_1, REACHABLE);

    // when
    deleted("a", "10.0.0.1", 30, 0);
    deleted("b", "10.0.0.2", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);
    exited("b", "10.0.0.2", COMPLETED, 900);
    deleted("c", "10.0.0.3", 30, 1000);
    exited("c", "10.0.0.3", COMPLETED, 1900);

    // then
    assertThat(heard.started).extracting(t -> t.pod().name()).containsExactly("a", "c");
    assertThat(view("rs-1").concluded())
        .extracting(c -> c.timeline().verification())
        .containsExactly(Verification.Knocked, Verification.Sampled, Verification.Knocked);
  }

  @Test
  void theProgressTellsWhoeverKnocks() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    slice("s", Map.of("a", LEFT), 40);

    // when
    terminations.knocked("a", Knock.Outcome.Refused, at(100));
    terminations.knocked("a", Knock.Outcome.Accepted, at(150));
    terminations.knocked("a", Knock.Outcome.Refused, at(200));
    terminations.knocked("a", Knock.Outcome.Refused, at(250));

    // then
    assertThat(terminations.progress("a", at(300)))
        .isEqualTo(new Progress(300, 30_000, 40L, 5, 150L, 2, false, new Sigterm(0, 2_500), 0));
  }

  @Test
  void onceAnotherPodHasTheAddressKnocksSayNothing() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    terminations.knocked("a", Knock.Outcome.Accepted, at(50));

    // when
    running("b", "10.0.0.1");
    terminations.knocked("a", Knock.Outcome.Accepted, at(100));
    Progress progress = terminations.progress("a", at(150));
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(progress).isNull();
    assertThat(concluded("rs-1").knocks()).containsExactly(new Knock(50, Knock.Outcome.Accepted));
  }

  @Test
  void knocksAfterTheEndAreDropped() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    deleted("a", "10.0.0.1", 30, 0);
    exited("a", "10.0.0.1", COMPLETED, 900);

    // when
    terminations.knocked("a", Knock.Outcome.Refused, at(950));

    // then
    assertThat(terminations.progress("a", at(950))).isNull();
    assertThat(concluded("rs-1").knocks()).isEmpty();
  }

  // ---------------------------------------------------------------- blindness

  @Test
  void blindSpotsOfTheMinuteBeforeTheDeletionAreKept() {
    // given
    running("a", "10.0.0.1");
    terminations.blind(at(-90_000), at(-60_001));
    terminations.blind(at(-59_000), at(-58_000));
    terminations.blind(at(-500), at(-100));

    // when
    deleted("a", "10.0.0.1", 30, 0);
    terminations.blind(at(200), at(300));
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
    terminations.blind(at(100), at(200));
    terminations.blind(at(200), at(250));
    terminations.blind(at(100), at(300));
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
    heard.clear();
    deleted("a", "10.0.0.1", 30, 0);
    List<WorkloadRef> atTheBeginning = List.copyOf(heard.changed);
    heard.clear();
    exited("a", "10.0.0.1", COMPLETED, 900);

    // then
    assertThat(atTheBeginning).containsExactly(WEB);
    assertThat(heard.changed).containsExactly(WEB);
  }

  @Test
  void anEventThatSaysNothingNewWakesNobody() {
    // given
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -1000);
    heard.clear();

    // when
    running("a", "10.0.0.1");
    slice("s", Map.of("a", READY), -900);
    terminations.replicaSet(revision("rs-1", 1, 3));

    // then
    assertThat(heard.changed).isEmpty();
    assertThat(heard.toMeet).isEmpty();
  }

  // ---------------------------------------------------------------- what the watches would say

  private void running(String name, String address) {
    terminations.pod(pod(name, address, true, null, null, Map.of()), at(-2000));
  }

  private void deleted(String name, String address, long grace, long millis) {
    terminations.pod(pod(name, address, true, grace, null, Map.of()), at(millis));
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
    terminations.pod(pod(name, address, false, 30L, null, allExits(exit)), at(millis));
    terminations.tick(at(millis + 2_000));
  }

  private static Map<String, Exit> allExits(Exit ofTheApp) {
    return Map.of("app", ofTheApp, "admin", COMPLETED, "log", COMPLETED);
  }

  private void exits(String name, Map<String, Exit> exits, long millis) {
    terminations.pod(pod(name, "10.0.0.1", false, 30L, null, exits), at(millis));
    terminations.tick(at(millis + 2_000));
  }

  private void slice(String name, Map<String, EndpointFacts> endpoints, long millis) {
    slice(name, Set.of(8080), endpoints, millis);
  }

  private void slice(
      String name, Set<Integer> ports, Map<String, EndpointFacts> endpoints, long millis) {
    terminations.slice(new SliceFacts("shop", name, "web", ports, endpoints), at(millis));
  }

  private RevisionView view(String revisionUid) {
    return terminations.revisions(WEB).stream()
        .filter(view -> view.facts().uid().equals(revisionUid))
        .findFirst()
        .orElseThrow();
  }

  private Timeline concluded(String revisionUid) {
    return only(revisionUid).timeline();
  }

  private Concluded only(String revisionUid) {
    List<Concluded> concluded = view(revisionUid).concluded();
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
        ref(name), "rs-1", address, true, grace, false, null, null, null, false, containers, exits);
  }

  private static PodFacts onItsNodesNetwork(PodFacts pod) {
    return new PodFacts(
        pod.ref(),
        pod.replicaSetUid(),
        pod.address(),
        pod.ready(),
        pod.deletionGraceSeconds(),
        pod.deletionTaken(),
        pod.disruption(),
        pod.failure(),
        pod.proxy(),
        true,
        pod.containers(),
        pod.exits());
  }

  private static ContainerFacts app() {
    return new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());
  }

  private static PodRef ref(String name) {
    return new PodRef("shop", name, name);
  }

  private static long at(long millis) {
    return MOMENT + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Remembers what it was told. */
  private static final class Heard implements Terminations.Listener {
    final List<WorkloadRef> changed = new ArrayList<>();
    final List<Target> toMeet = new ArrayList<>();
    final List<Target> started = new ArrayList<>();

    void clear() {
      changed.clear();
      toMeet.clear();
      started.clear();
    }

    @Override
    public void changed(WorkloadRef workload) {
      changed.add(workload);
    }

    @Override
    public void readyToMeet(Target target) {
      toMeet.add(target);
    }

    @Override
    public void started(Target target) {
      started.add(target);
    }
  }
}
