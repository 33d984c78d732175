package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.CauseCount;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerdictCount;
import dev.graceful.api.v1alpha1.WatchedPod;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Cause;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Ports;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import dev.graceful.judge.Verification;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportsTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-01T11:00:00Z");

  @Test
  void aRevisionOfWhichNothingHasEndedYet() {
    // when
    TerminationReportStatus status = next(Reports.EMPTY, pods("a", "b"), List.of(), FIRST);

    // then
    assertThat(status.terminations()).isZero();
    assertThat(status.watchedPods())
        .containsExactly(new WatchedPod("a", "uid-a"), new WatchedPod("b", "uid-b"));
    assertThat(status.latestTerminationTime()).isNull();
    assertThat(condition(status).status()).isEqualTo(Condition.Status.Unknown);
    assertThat(condition(status).reason()).isEqualTo("NoTerminations");
  }

  @Test
  void nothingNewGivesAnEqualStatus() {
    // given
    TerminationReportStatus before =
        next(Reports.EMPTY, pods("c"), List.of(served("a", 5000), refused("b"), away("d")), FIRST);

    // when
    TerminationReportStatus after = next(before, pods("c"), List.of(), LATER);

    // then
    assertThat(after).isEqualTo(before);
  }

  /** What the API server gives back lacks whatever was null, and must not look like news. */
  @Test
  void nothingNewGivesAnEqualStatusAlsoAfterTheApiServerHadIt() {
    // given
    TerminationReportStatus written =
        next(Reports.EMPTY, pods("c"), List.of(served("a", 5000), refused("b"), away("d")), FIRST);
    TerminationReportStatus read =
        Serialization.unmarshal(Serialization.asJson(written), TerminationReportStatus.class);

    // when
    TerminationReportStatus after = next(read, pods("c"), List.of(), LATER);

    // then
    assertThat(read).isEqualTo(written);
    assertThat(after).isEqualTo(read);
  }

  @Test
  void countsAddUpOverSeveralWrites() {
    // given
    TerminationReportStatus first =
        next(Reports.EMPTY, pods("c"), List.of(served("a", 6000), refused("b")), FIRST);

    // when
    TerminationReportStatus second =
        next(first, List.of(), List.of(served("c", 5500), away("d")), LATER);

    // then
    assertThat(second.terminations()).isEqualTo(4);
    assertThat(second.verdicts())
        .containsExactly(
            new VerdictCount("ConnectionsServed", 2),
            new VerdictCount("Inconclusive", 1),
            new VerdictCount("StoppedServingEarly", 1));
    assertThat(second.causes())
        .containsExactly(new CauseCount("Other", 1), new CauseCount("Rollout", 3));
    assertThat(second.latestTerminationTime()).isEqualTo("2026-01-01T11:00:00Z");
    assertThat(second.watchedPods()).isEmpty();
  }

  @Test
  void theSmallestMarginStays() {
    // given
    TerminationReportStatus first =
        next(Reports.EMPTY, List.of(), List.of(served("a", 6000), served("b", 5200)), FIRST);

    // when
    TerminationReportStatus second = next(first, List.of(), List.of(served("c", 5900)), LATER);

    // then
    assertThat(first.smallestMarginMillis()).isEqualTo(5200);
    assertThat(second.smallestMarginMillis()).isEqualTo(5200);
  }

  @Test
  void theTransitionTimeMovesWithTheStatusOnly() {
    // given
    TerminationReportStatus none = next(Reports.EMPTY, pods("a", "b", "c"), List.of(), FIRST);

    // when
    TerminationReportStatus tooFew =
        Reports.next(
            none,
            new Watchlist(pods("b", "c"), pods("b", "c"), 0),
            List.of(Judge.judge(served("a", 6000))),
            false,
            false,
            1L,
            LATER);
    TerminationReportStatus enough =
        next(tooFew, List.of(), List.of(served("b", 6000), served("c", 6000)), LATER);

    // then
    assertThat(condition(tooFew).reason()).isEqualTo("TooFewObserved");
    assertThat(condition(tooFew).lastTransitionTime()).isEqualTo("2026-01-01T10:00:00Z");
    assertThat(condition(enough).status()).isEqualTo(Condition.Status.True);
    assertThat(condition(enough).lastTransitionTime()).isEqualTo("2026-01-01T11:00:00Z");
  }

  @Test
  void theFiftyWorstAreKeptWorstFirst() {
    // given
    List<Timeline> concluded = new ArrayList<>();
    IntStream.range(0, 55).forEach(i -> concluded.add(served("served-" + i, 5000 + i)));
    IntStream.range(0, 3).forEach(i -> concluded.add(away("away-" + i)));
    IntStream.range(0, 2).forEach(i -> concluded.add(refused("refused-" + i)));
    Collections.shuffle(concluded, new Random(1));

    // when
    TerminationReportStatus status = next(Reports.EMPTY, List.of(), concluded, FIRST);

    // then
    List<ReportedTermination> worst = Objects.requireNonNull(status.worstTerminations());
    assertThat(worst).hasSize(50);
    assertThat(worst.subList(0, 2)).allMatch(t -> t.verdict().equals("StoppedServingEarly"));
    assertThat(worst.subList(2, 5)).allMatch(t -> t.verdict().equals("Inconclusive"));
    assertThat(worst.subList(5, 50))
        .extracting(ReportedTermination::pod)
        .containsExactlyElementsOf(IntStream.range(0, 45).mapToObj(i -> "served-" + i).toList());
    assertThat(status.terminations()).isEqualTo(60);
  }

  @Test
  void aWorseOneLaterTakesTheFirstPlace() {
    // given
    TerminationReportStatus first =
        next(
            Reports.EMPTY,
            List.of(),
            IntStream.range(0, 50).mapToObj(i -> served("served-" + i, 5000 + i)).toList(),
            FIRST);

    // when
    TerminationReportStatus second = next(first, List.of(), List.of(refused("late")), LATER);

    // then
    assertThat(second.worstTerminations()).hasSize(50);
    assertThat(second.worstTerminations())
        .first()
        .extracting(ReportedTermination::pod)
        .isEqualTo("late");
    assertThat(second.worstTerminations())
        .extracting(ReportedTermination::pod)
        .doesNotContain("served-49");
  }

  /** Served for less time after it left is worse, however late it was in the termination. */
  @Test
  void theSmallerMarginIsWorse() {
    // given
    Timeline early = leaving("early", 40, 5_140);
    Timeline late = leaving("late", 900, 5_960);

    // when
    TerminationReportStatus status = next(Reports.EMPTY, List.of(), List.of(early, late), FIRST);

    // then
    assertThat(status.worstTerminations())
        .extracting(ReportedTermination::pod)
        .containsExactly("late", "early");
  }

  @Test
  void aTerminationIsReportedWithItsTimelineAndInWords() {
    // when
    TerminationReportStatus status = next(Reports.EMPTY, List.of(), List.of(refused("a")), FIRST);

    // then
    assertThat(status.worstTerminations())
        .containsExactly(
            new ReportedTermination(
                "a",
                "uid-a",
                "Rollout",
                "StoppedServingEarly",
                List.of("StoppedServingEarly"),
                "It refused connections 0.02 s after leaving its endpoints; clients may come for"
                    + " 5 s. It has no preStop sleep: with apply: OnRollout or Immediately the"
                    + " operator adds one of 6 s to the template (if the template has it, something took it out of the"
                    + " pod), or the app waits that long after SIGTERM before it stops listening, and"
                    + " so does each container that it needs. See docs/verdicts.md#stoppedservingearly.",
                "connections",
                null,
                "2026-01-01T10:00:00Z",
                0,
                30L,
                40L,
                10L,
                60L,
                null,
                9000L,
                0,
                3,
                0));
  }

  @Test
  void whatNobodySawIsNotMadeUp() {
    // when
    TerminationReportStatus status = next(Reports.EMPTY, List.of(), List.of(away("a")), FIRST);

    // then
    assertThat(status.worstTerminations())
        .containsExactly(
            new ReportedTermination(
                "a",
                "uid-a",
                "Other",
                "Inconclusive",
                List.of("Inconclusive"),
                "It ended, or was about to, when the operator was away or its leader changed. See"
                    + " docs/verdicts.md#inconclusive.",
                null,
                null,
                "2026-01-01T10:00:00Z",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
  }

  // ---------------------------------------------------------------- after the operator was away

  @Test
  void podsThatEndedWhileNobodyLookedAreMissedOnce() {
    // given
    TerminationReportStatus old =
        next(Reports.EMPTY, pods("gone", "running", "just-ended"), List.of(), FIRST);
    List<PodRef> watchedNow = pods("running");
    List<Timeline> concluded = List.of(served("just-ended", 6000));

    // when
    List<Timeline> missed = watched(watchedNow).missed("shop", old, concluded);
    List<Timeline> all = new ArrayList<>(concluded);
    all.addAll(missed);
    TerminationReportStatus next = next(old, watchedNow, all, LATER);
    List<Timeline> missedAgain = watched(watchedNow).missed("shop", next, List.of());

    // then
    assertThat(missed).containsExactly(away("gone"));
    assertThat(next.terminations()).isEqualTo(2);
    assertThat(condition(next).status()).isEqualTo(Condition.Status.Unknown);
    assertThat(condition(next).reason()).isEqualTo("Inconclusive");
    assertThat(missedAgain).isEmpty();
  }

  @Test
  void aNewReportMissesNothing() {
    assertThat(watched(pods("a")).missed("shop", Reports.EMPTY, List.of())).isEmpty();
  }

  @Test
  void aPodOfTheSameNameIsNotTheSamePod() {
    // given
    TerminationReportStatus old = next(Reports.EMPTY, pods("a"), List.of(), FIRST);

    // when
    List<Timeline> missed =
        watched(List.of(new PodRef("shop", "a", "uid-of-the-next"))).missed("shop", old, List.of());

    // then
    assertThat(missed).containsExactly(away("a"));
  }

  // ---------------------------------------------------------------- a lost answer

  @Test
  void whatAWriteCountedBeforeItsAnswerWasLostIsNotCountedAgain() {
    // given
    TerminationReportStatus before = next(Reports.EMPTY, pods("a", "b"), List.of(), FIRST);
    TerminationReportStatus next = next(before, pods("b"), List.of(served("a", 6000)), FIRST);

    // when, then
    assertThat(Reports.isCounted(next, next)).isTrue();
    assertThat(Reports.isCounted(next, before)).isFalse();
    assertThat(Reports.isCounted(next, Reports.EMPTY)).isFalse();
  }

  // ---------------------------------------------------------------- before protection

  @Test
  void aRevisionWithoutTheDecidedSleepIsFromBeforeProtection() {
    // given
    var decision = new Decision(List.of("app"), 6, 36);

    // when, then
    assertThat(Reports.isBeforeProtection(revision(0), Reports.EMPTY, decision)).isTrue();
    assertThat(Reports.isBeforeProtection(revision(6), Reports.EMPTY, decision)).isFalse();
    assertThat(Reports.isBeforeProtection(revision(3), Reports.EMPTY, decision)).isFalse();
    assertThat(Reports.isBeforeProtection(revision(0), Reports.EMPTY, null)).isFalse();
    assertThat(
            Reports.isBeforeProtection(revision(0), Reports.EMPTY, new Decision(List.of(), 0, 36)))
        .isFalse();
    assertThat(
            Reports.isBeforeProtection(
                revision(0), Reports.EMPTY, new Decision(List.of("other"), 6, 36)))
        .isFalse();
  }

  @Test
  void whatWasMadeBeforeProtectionIsNotHeldAgainstIt() {
    // when
    TerminationReportStatus status =
        Reports.next(
            Reports.EMPTY,
            new Watchlist(List.of(), List.of(), 0),
            List.of(Judge.judge(refused("a"))),
            true,
            false,
            1L,
            FIRST);

    // then
    assertThat(condition(status).status()).isEqualTo(Condition.Status.Unknown);
    assertThat(condition(status).reason()).isEqualTo("BeforeProtection");
    assertThat(status.verdicts()).containsExactly(new VerdictCount("StoppedServingEarly", 1));
  }

  // ---------------------------------------------------------------- terminations

  private static TerminationReportStatus next(
      TerminationReportStatus old, List<PodRef> watched, List<Timeline> concluded, Instant now) {
    return Reports.next(
        old, watched(watched), concluded.stream().map(Judge::judge).toList(), false, true, 1L, now);
  }

  private static Watchlist watched(List<PodRef> pods) {
    return new Watchlist(pods, List.of(), 0);
  }

  private static Condition condition(TerminationReportStatus status) {
    return Objects.requireNonNull(Reports.graceful(status));
  }

  private static List<PodRef> pods(String... names) {
    return Arrays.stream(names).map(ReportsTest::pod).toList();
  }

  private static PodRef pod(String name) {
    return new PodRef("shop", name, "uid-" + name);
  }

  /** Accepted until so long after it left, never seen to refuse. */
  private static Timeline served(String name, long marginMillis) {
    return timeline(
        name, 6, 36, List.of(new ConnectionAttempt(40 + marginMillis, ConnectOutcome.Accepted)));
  }

  private static Timeline refused(String name) {
    return timeline(
        name,
        0,
        30,
        List.of(
            new ConnectionAttempt(10, ConnectOutcome.Accepted),
            new ConnectionAttempt(60, ConnectOutcome.Refused),
            new ConnectionAttempt(110, ConnectOutcome.Refused)));
  }

  private static Timeline away(String name) {
    return Timeline.unseen(pod(name), Unseen.OperatorAway);
  }

  private static Timeline leaving(String name, long leftMillis, long lastServedMillis) {
    return timeline(
        name,
        6,
        36,
        leftMillis,
        List.of(new ConnectionAttempt(lastServedMillis, ConnectOutcome.Accepted)));
  }

  private static Timeline timeline(
      String name, int sleep, long grace, List<ConnectionAttempt> connectionAttempts) {
    return timeline(name, sleep, grace, 40, connectionAttempts);
  }

  private static Timeline timeline(
      String name,
      int sleep,
      long grace,
      long leftMillis,
      List<ConnectionAttempt> connectionAttempts) {
    return new Timeline(
        pod(name),
        Cause.Rollout,
        new Timeline.Template(sleep, sleep * 1_000L, false, false, null),
        grace,
        null,
        5,
        Verification.Reached,
        null,
        Ports.NONE,
        null,
        true,
        true,
        null,
        leftMillis,
        false,
        null,
        null,
        null,
        new Ending(
            9000,
            List.of(
                new ContainerEnd("app", ContainerEnd.Role.Serves, new Exit(0, "Completed", null)))),
        null,
        connectionAttempts,
        List.of(),
        null,
        List.of(),
        null);
  }

  private static RevisionFacts revision(int sleepSeconds) {
    return new RevisionFacts(
        "shop",
        "web-1",
        "rs-1",
        new WorkloadRef("shop", "web"),
        1,
        3,
        "t-1",
        List.of(
            new ContainerFacts(
                "app", sleepSeconds > 0, sleepSeconds, true, null, Set.of(8080), Map.of()),
            new ContainerFacts("log", false, 0, false, null, Set.of(), Map.of())));
  }
}
