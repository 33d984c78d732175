package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.Programming;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.rollout.RolloutState.Edit;
import dev.graceful.rollout.RolloutState.Result;
import dev.graceful.rollout.RolloutState.Setbacks;
import dev.graceful.rollout.Step.End;
import dev.graceful.template.Change;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import dev.graceful.template.Ledger;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.InPlace;
import dev.graceful.template.Shaping.Leave;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steps about one Deployment, from any point at which the operator may begin. */
class RolloutPlannerTest {

  private static final WorkloadRef OTHER = new WorkloadRef("shop", "other");
  private static final Decision DECIDED = new Decision(List.of("app"), 6, 36);
  private static final Before BEFORE = new Before(30, null);
  private static final Change ADD =
      new Change(36L, List.of(new OfContainer("app", new PreStop.Sleep(6), null)));
  private static final Pending PENDING = new Pending(Reason.Programmed, "", DECIDED, ADD);
  private static final InPlace IN_PLACE = new InPlace(Reason.Programmed, "", DECIDED);
  private static final DeploymentProtectionSpec NOTHING =
      new DeploymentProtectionSpec(new PolicyRef("web", "p-1"));
  private static final DeploymentProtectionSpec WRITTEN =
      new DeploymentProtectionSpec(
          NOTHING.policy(), Apply.Immediately, null, DECIDED, null, BEFORE);
  private static final Journal ROLLED = new Journal(5L, Contest.NONE);
  private static final String ROLLING =
      "{observedGeneration: 3, replicas: 1, updatedReplicas: 1, availableReplicas: 1}";
  private static final String SETTLED =
      "{observedGeneration: %d, replicas: 1, updatedReplicas: 1, availableReplicas: 1}";
  private static final String STUCK =
      "{observedGeneration: %d, conditions: [{type: ReplicaFailure, status: 'True', message: quota}]}";

  private DeploymentFacts deployment = deployment(4, "helm", SETTLED);
  private DeploymentProtectionSpec recorded = NOTHING;
  private Journal journal = Journal.EMPTY;
  private Apply apply = Apply.Immediately;
  private @Nullable Shaping shaping = PENDING;
  private @Nullable Contest contest;
  private List<TemplateChange> changes = List.of();
  private boolean ownerIsRolling;
  private boolean rolling;
  private @Nullable Long ungovernedSince;
  private Setbacks setbacks = Setbacks.NONE;
  private long nanos;

  /** What is answered. */
  private boolean place;

  private Turn turn = new Turn.Now();
  private final Deque<Result> results = new ArrayDeque<>();

  /** The state in which the last plan ended. */
  private @Nullable RolloutState last;

  // ------------------------------------------------------------ in its turn

  @Test
  void aDecisionIsRecordedBeforeItIsWritten() {
    assertThat(plan())
        .containsExactly(
            "ask place",
            "ask turn",
            "note rolls 5",
            "save sleep 6 before 30",
            "write",
            "rest RolloutInProgress");
    assertThat(ended().wastesTurn()).isFalse();
  }

  /** Whatever was done before, what is written is recorded, and nothing is recorded twice. */
  @Test
  void afterACrashAtAnyPointTheRestFollows() {
    // given
    List<RolloutState> states = new ArrayList<>();
    List<String> all = steps(start(), states);

    for (RolloutState crashed : states) {
      // when
      recorded = crashed.recorded();
      journal = crashed.journal();
      List<String> rest = plan();

      // then
      boolean noted = journal.rolloutGeneration() != null;
      boolean saved = recorded.decision() != null;
      assertThat(rest)
          .isEqualTo(
              all.stream()
                  .filter(step -> !noted || !step.startsWith("note"))
                  .filter(step -> !saved || !step.startsWith("save"))
                  .toList());
    }
  }

  @Test
  void afterACrashBetweenWriteAndAnswerTheValuesAreKnownAsOurs() {
    // given that the write is there, and its rollout is under way
    recorded = WRITTEN;
    journal = ROLLED;
    deployment = deployment(5, "helm", ROLLING);
    shaping = IN_PLACE;

    // then
    assertThat(plan()).containsExactly("ask place", "tell queue", "rest RolloutInProgress");
  }

  @Test
  void whileOthersAreRolledNothingIsRecorded() {
    // given
    turn = new Turn.Later(2, Optional.of(OTHER));

    // then
    assertThat(plan()).containsExactly("ask place", "ask turn", "wait Queued");
    assertThat(ended().wastesTurn()).isFalse();
  }

  @Test
  void whileTheNamespaceIsStoppedNothingIsRecorded() {
    // given
    turn = new Turn.Stopped(OTHER, "quota");

    // then
    assertThat(plan()).containsExactly("ask place", "ask turn", "wait QueueStopped");
  }

  @Test
  void aWriteThatTheWatchHasNotShownIsWaitedFor() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    rolling = true;

    // then
    assertThat(plan()).containsExactly("ask place", "wait RolloutInProgress 1 s");
  }

  @Test
  void aWriteOfAnEarlierProcessIsNotWaitedFor() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    shaping = new Pending(Reason.Programmed, "", new Decision(List.of("app"), 9, 39), ADD);

    // then
    assertThat(plan())
        .containsExactly(
            "ask place",
            "ask turn",
            "save sleep 9 earlier 6 before 30",
            "write",
            "rest RolloutInProgress");
  }

  @Test
  void aWriteThatIsShownIsNotWaitedForEither() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    rolling = true;
    deployment = deployment(5, "helm", SETTLED);

    // then
    assertThat(plan()).contains("ask turn", "note rolls 6", "write");
  }

  @Test
  void whatIsStuckAfterOurWriteMayBeWrittenAgain() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    deployment = deployment(5, "helm", STUCK);

    // then
    assertThat(plan())
        .containsExactly(
            "ask place", "ask turn", "note rolls 6", "write", "rest RolloutInProgress");
  }

  @Test
  void whileARolloutIsUnderWayNothingIsWritten() {
    // given
    deployment = deployment(4, "helm", ROLLING);

    // then
    assertThat(plan()).containsExactly("ask place", "tell queue", "wait RolloutInProgress");
  }

  // ------------------------------------------------------------ answers

  @Test
  void aRefusedChangeIsTakenOutOfTheRecordAgain() {
    // given
    results.add(Result.REFUSED);

    // then
    assertThat(plan())
        .containsExactly(
            "ask place",
            "ask turn",
            "note rolls 5",
            "save sleep 6 before 30",
            "write",
            "note nothing",
            "save nothing",
            "wait WriteRefused 60 s");
    assertThat(ended().wastesTurn()).isTrue();
    assertThat(ended().decision()).isNull();
  }

  /** The record is what it was: there is nothing to take out. */
  @Test
  void aRefusalThatChangesNothingIsNoWrite() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    results.add(Result.REFUSED);

    // then
    assertThat(plan()).containsExactly("ask place", "ask turn", "write", "wait WriteRefused 60 s");
  }

  @Test
  void aRefusedChangeIsTriedAgainLaterEachTime() {
    // given
    results.addAll(List.of(Result.REFUSED, Result.REFUSED, Result.REFUSED));
    plan();

    // then
    nanos += Duration.ofSeconds(59).toNanos();
    assertThat(plan()).containsExactly("ask place", "wait WriteRefused 1 s");
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(plan()).contains("write").endsWith("wait WriteRefused 120 s");
    nanos += Duration.ofMinutes(2).toNanos();
    assertThat(plan()).contains("write").endsWith("wait WriteRefused 240 s");
    nanos += Duration.ofMinutes(4).toNanos();
    assertThat(plan()).contains("write").endsWith("rest RolloutInProgress");
    assertThat(setbacks).isEqualTo(Setbacks.NONE);
  }

  @Test
  void anotherChangeOrAnotherTemplateIsTriedAtOnce() {
    // given
    results.add(Result.REFUSED);
    plan();
    Setbacks refused = setbacks;

    // when, then
    shaping = new Pending(Reason.Programmed, "", DECIDED, new Change(36L, List.of()));
    assertThat(plan()).contains("write");
    shaping = PENDING;
    setbacks = refused;
    deployment = deployment(4, "image: 'shop/app:42'", "helm", SETTLED);
    assertThat(plan()).contains("write");
  }

  @Test
  void aRefusalIsRememberedWhileSomethingElseHoldsBack() {
    // given
    results.add(Result.REFUSED);
    plan();
    Setbacks refused = setbacks;
    nanos += Duration.ofSeconds(60).toNanos();
    deployment = deployment(4, "helm", ROLLING);

    // then
    assertThat(plan()).endsWith("wait RolloutInProgress");
    assertThat(setbacks).isEqualTo(refused);
  }

  @Test
  void whatWasTakenInPartStaysRecorded() {
    // given
    results.add(Result.ALTERED);

    // then
    assertThat(plan())
        .containsExactly(
            "ask place",
            "ask turn",
            "note rolls 5",
            "save sleep 6 before 30",
            "write",
            "wait WriteRefused 60 s");
    assertThat(ended().wastesTurn()).isTrue();
  }

  @Test
  void whatHasChangedMeanwhileIsDecidedAnew() {
    // given
    results.add(Result.OUTDATED);

    // then
    assertThat(plan()).endsWith("write", "wait RolloutInProgress 1 s");
    assertThat(ended().wastesTurn()).isTrue();
    assertThat(setbacks).isEqualTo(Setbacks.NONE);
  }

  @Test
  void afterAFailureNothingIsDoneForAWhile() {
    // given
    RolloutState failed = start().turn(new Turn.Now()).failed("busy", 7);
    setbacks = failed.kept((End) RolloutPlanner.next(failed));

    // then
    assertThat(failed.wastesTurn()).isTrue();
    assertThat(RolloutPlanner.next(failed)).isEqualTo(wait("busy", Duration.ofSeconds(1)));
    nanos = 7 + Duration.ofMillis(400).toNanos();
    assertThat(RolloutPlanner.next(start())).isEqualTo(wait("busy", Duration.ofMillis(600)));
    nanos = 7 + Duration.ofSeconds(1).toNanos();
    assertThat(RolloutPlanner.next(start().failed("still busy", nanos)))
        .isEqualTo(wait("still busy", Duration.ofSeconds(2)));
    assertThat(plan()).contains("write");
    assertThat(setbacks).isEqualTo(Setbacks.NONE);
  }

  @Test
  void aFailureIsOverOnceSomethingElseHoldsBack() {
    // given
    RolloutState failed = start().failed("busy", 0);
    setbacks = failed.setbacks();
    nanos = Duration.ofSeconds(1).toNanos();
    deployment = deployment(4, "helm", ROLLING);

    // then
    assertThat(plan()).endsWith("wait RolloutInProgress");
    assertThat(setbacks).isEqualTo(Setbacks.NONE);
  }

  // ------------------------------------------------------------ the contest

  @Test
  void revertsAreRecordedFirstWhateverHoldsTheTemplateBack() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    contest = new Contest(List.of("noon"), null);
    changes = List.of(new TemplateChange(deployment, deployment(5, "helm", SETTLED)));

    // then
    assertThat(plan())
        .containsExactly(
            "note rolls 5 reverts noon",
            "drop 1 changes",
            "ask place",
            "ask turn",
            "write",
            "rest RolloutInProgress");
    shaping = null;
    assertThat(plan())
        .containsExactly("note rolls 5 reverts noon", "drop 1 changes", "wait ReadinessUnproven");
    shaping = PENDING;
    deployment = deployment(4, "helm", ROLLING);
    assertThat(plan())
        .containsExactly(
            "note rolls 5 reverts noon",
            "drop 1 changes",
            "ask place",
            "tell queue",
            "wait RolloutInProgress");
  }

  @Test
  void changesThatAreNoRevertsAreDroppedToo() {
    // given
    changes = List.of(new TemplateChange(deployment, deployment(5, "helm", SETTLED)));

    // then
    assertThat(plan()).startsWith("drop 1 changes", "ask place");
  }

  @Test
  void whereItIsGivenUpTheTemplateIsLeftAlone() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    contest = new Contest(List.of("noon", "later"), 7L);
    shaping = new Leave(Reason.Contested, "");

    // then
    assertThat(plan())
        .containsExactly(
            "note rolls 5 reverts noon later given up 7",
            "ask place",
            "save nothing earlier 6 before 30",
            "tell queue",
            "rest Contested");
  }

  // ------------------------------------------------------------ with the owner's next write

  @Test
  void whatTheOwnersNextWriteIsToHaveIsTriedBeforeItIsRecorded() {
    // given
    apply = Apply.OnRollout;
    place = true;

    // then
    assertThat(plan())
        .containsExactly(
            "ask place",
            "tell queue",
            "dry run",
            "save sleep 6 before 30 at admission",
            "rest PendingRollout");
    assertThat(programmed(ended())).contains("inside the owner's");
  }

  @Test
  void withoutAPlaceItFollowsTheOwnersWrite() {
    // given
    apply = Apply.OnRollout;

    // then
    assertThat(plan())
        .contains("dry run", "save sleep 6 before 30")
        .endsWith("rest PendingRollout");
    assertThat(programmed(ended())).contains("right after the owner's");
  }

  /** An update of the operator, with a rule that it did not have, restarts nothing by itself. */
  @Test
  void whatNoneAskedForWaitsForTheOwnerUnderImmediatelyToo() {
    // given
    shaping = new Pending(Reason.Programmed, "", DECIDED, ADD, true);

    // then
    assertThat(plan())
        .containsExactly(
            "ask place", "tell queue", "dry run", "save sleep 6 before 30", "rest PendingRollout");

    // when
    ownerIsRolling = true;

    // then
    assertThat(plan()).contains("write").doesNotContain("ask turn");
  }

  @Test
  void whatIsRecordedAlreadyOrGoesIsNotTried() {
    // given
    apply = Apply.OnRollout;
    recorded = WRITTEN;
    journal = ROLLED;

    // then
    assertThat(plan())
        .containsExactly(
            "ask place",
            "tell queue",
            "save sleep 6 before 30", // with another apply
            "rest PendingRollout");
    shaping = new Pending(Reason.GivingBack, "", null, ADD);
    assertThat(plan())
        .containsExactly(
            "ask place", "tell queue", "save nothing earlier 6 before 30", "rest GivingBack");
  }

  @Test
  void whatTheApiServerWouldRefuseIsNotRecorded() {
    // given
    apply = Apply.OnRollout;
    results.add(Result.REFUSED);

    // then
    assertThat(plan())
        .containsExactly("ask place", "tell queue", "dry run", "wait WriteRefused 60 s");
  }

  @Test
  void aDryRunThatIsOutdatedIsRepeated() {
    // given
    apply = Apply.OnRollout;
    results.add(Result.OUTDATED);

    // then
    assertThat(plan())
        .containsExactly("ask place", "tell queue", "dry run", "wait RolloutInProgress 1 s");
  }

  @Test
  void theOwnersRolloutIsJoined() {
    // given
    apply = Apply.OnRollout;
    ownerIsRolling = true;

    // then
    assertThat(plan())
        .containsExactly(
            "ask place", "tell queue", "save sleep 6 before 30", "write", "rest RolloutInProgress");
  }

  // ------------------------------------------------------------ at rest

  @Test
  void whatIsInPlaceAndRecordedIsNoWrite() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    shaping = IN_PLACE;
    deployment = deployment(5, "helm", SETTLED);

    // then
    assertThat(plan()).containsExactly("ask place", "tell queue", "rest Programmed");
  }

  @Test
  void ofATemplateWithoutOurValuesNothingIsRemembered() {
    // given
    shaping = new Leave(Reason.NotExposed, "");

    // then
    assertThat(plan())
        .containsExactly("ask place", "save nothing", "tell queue", "rest NotExposed");
  }

  @Test
  void ourRolloutThatIsStuckSaysSo() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    shaping = IN_PLACE;
    deployment = deployment(5, "helm", STUCK);

    // then
    assertThat(plan()).endsWith("rest RolloutStuck");
    assertThat(ended().aim().isRolledByUs()).isTrue();
  }

  @Test
  void whatTheOperatorStillHoldsIsLetGoOnce() {
    // given
    deployment = deployment(4, "graceful-operator", SETTLED);

    // then
    assertThat(plan()).startsWith("let go", "ask place", "ask turn").containsOnlyOnce("let go");
  }

  // ------------------------------------------------------------ without a policy

  @Test
  void aPolicyMayComeBackBeforeItsValuesGo() {
    // given
    ungovernedSince = Duration.ofSeconds(5).toNanos();
    recorded = WRITTEN;
    journal = ROLLED;
    shaping = new Pending(Reason.GivingBack, "", null, ADD);
    nanos = Duration.ofSeconds(25).toNanos();

    // then
    assertThat(plan()).containsExactly("tell queue", "wait GivingBack 40 s");
    nanos = Duration.ofSeconds(65).toNanos();
    assertThat(plan())
        .containsExactly(
            "ask place",
            "ask turn",
            "save nothing earlier 6 before 30",
            "write",
            "rest RolloutInProgress");
  }

  @Test
  void withTheOwnersNextRolloutNothingHasToBeWaitedFor() {
    // given
    ungovernedSince = 0L;
    recorded = WRITTEN;
    journal = ROLLED;
    apply = Apply.OnRollout;
    shaping = new Pending(Reason.GivingBack, "", null, ADD);

    // then
    assertThat(plan()).endsWith("rest GivingBack");
  }

  @Test
  void whereNothingGoesNothingHasToBeWaitedFor() {
    // given
    ungovernedSince = 0L;
    recorded = WRITTEN;
    journal = ROLLED;
    shaping = new InPlace(Reason.GivingBack, "", null);

    // then
    assertThat(plan()).doesNotContain("wait GivingBack 60 s").endsWith("rest GivingBack");
  }

  // ------------------------------------------------------------ what is published as decided

  @Test
  void whatIsAboutToBeWrittenIsDecided() {
    assertThat(start().decision()).isEqualTo(DECIDED);
  }

  @Test
  void whileAReadinessProbeIsTriedTheRecordIsDecided() {
    // given
    shaping = null;
    recorded = WRITTEN;
    journal = ROLLED;

    // then
    assertThat(start().decision()).isEqualTo(DECIDED);
  }

  @Test
  void aRefusedChangeLeavesWhatWasRecorded() {
    // given
    recorded = WRITTEN;
    journal = ROLLED;
    var other = new Decision(List.of("app"), 9, 39);
    shaping = new Pending(Reason.Programmed, "", other, ADD);
    var refusal =
        Attempt.next(null, Backoff.REFUSED, new Edit(ADD, deployment.template()), "quota", nanos);
    setbacks = new Setbacks(null, refusal);

    // then
    assertThat(start().decision()).isEqualTo(DECIDED);
    shaping = new InPlace(Reason.Programmed, "", other);
    assertThat(start().decision()).isEqualTo(other);
  }

  // ------------------------------------------------------------ how it is walked through

  private List<String> plan() {
    return steps(start(), new ArrayList<>());
  }

  private RolloutState start() {
    Contest stands = contest == null ? journal.contest() : contest;
    return RolloutState.of(
        new Aim(
            deployment,
            recorded,
            journal,
            Ledger.of(recorded),
            apply,
            shaping,
            stands,
            changes,
            ownerIsRolling,
            rolling,
            ungovernedSince),
        setbacks,
        nanos);
  }

  /** All steps in words; what is kept in the end is kept for the next plan. */
  private List<String> steps(RolloutState start, List<RolloutState> states) {
    List<String> steps = new ArrayList<>();
    RolloutState state = start;
    Step step = RolloutPlanner.next(state);
    while (!(step instanceof End)) {
      states.add(state);
      steps.add(words(step));
      assertThat(steps).as("it comes to an end").hasSizeLessThan(20);
      state = after(step, state);
      step = RolloutPlanner.next(state);
    }
    steps.add(words(step));
    setbacks = state.kept((End) step);
    last = state;
    return steps;
  }

  private RolloutState after(Step step, RolloutState state) {
    return switch (step) {
      case Step.AskPlace s -> state.placed(place);
      case Step.AskTurn s -> state.turn(turn);
      case Step.DryRun s -> answered(state);
      case Step.Write s -> answered(state);
      default -> state.after(step);
    };
  }

  private RolloutState answered(RolloutState state) {
    Result result = Objects.requireNonNullElse(results.poll(), Result.ACCEPTED);
    return state.answered(result, "quota", nanos);
  }

  private RolloutState ended() {
    return Objects.requireNonNull(last);
  }

  private static String programmed(RolloutState state) {
    return ((End) RolloutPlanner.next(state)).programmed().message();
  }

  private static Step wait(String answer, Duration again) {
    return new Step.Wait(Programming.failed(answer), again);
  }

  private static String words(Step step) {
    return switch (step) {
      case Step.Rest s -> "rest " + s.programmed().reason();
      case Step.Wait s ->
          "wait "
              + s.programmed().reason()
              + (s.again() == null ? "" : " " + s.again().toSeconds() + " s");
      case Step.Save s -> "save " + words(s.spec());
      case Step.SaveJournal s -> "note" + words(s.journal());
      case Step.DropChanges s -> "drop " + s.changes().size() + " changes";
      case Step.LetGo s -> "let go";
      case Step.AskPlace s -> "ask place";
      case Step.TellQueue s -> "tell queue";
      case Step.AskTurn s -> "ask turn";
      case Step.DryRun s -> "dry run";
      case Step.Write s -> "write";
    };
  }

  private static String words(DeploymentProtectionSpec spec) {
    var words = new StringBuilder();
    Decision decision = spec.decision();
    words.append(decision == null ? "nothing" : "sleep " + decision.sleepSeconds());
    if (spec.earlier() != null) {
      words.append(" earlier ").append(spec.earlier().getFirst().sleepSeconds());
    }
    if (spec.before() != null) {
      words.append(" before ").append(spec.before().terminationGracePeriodSeconds());
    }
    if (Boolean.TRUE.equals(spec.atAdmission())) {
      words.append(" at admission");
    }
    return words.toString();
  }

  private static String words(Journal journal) {
    var words = new StringBuilder();
    Contest contest = journal.contest();
    if (journal.rolloutGeneration() != null) {
      words.append(" rolls ").append(journal.rolloutGeneration());
    }
    if (!contest.reverts().isEmpty()) {
      words.append(" reverts ").append(String.join(" ", contest.reverts()));
    }
    if (contest.generation() != null) {
      words.append(" given up ").append(contest.generation());
    }
    return words.isEmpty() ? " nothing" : words.toString();
  }

  private static DeploymentFacts deployment(long generation, String manager, String status) {
    return deployment(generation, "", manager, status);
  }

  private static DeploymentFacts deployment(
      long generation, String container, String manager, String status) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata:
              namespace: shop
              name: web
              uid: d-1
              resourceVersion: "5"
              generation: %d
              managedFields: [{manager: %s}]
            spec:
              replicas: 1
              template:
                spec:
                  terminationGracePeriodSeconds: 30
                  containers:
                  - name: app
                    %s
            status: %s
            """
                .formatted(generation, manager, container, status.formatted(generation)),
            Deployment.class));
  }
}
