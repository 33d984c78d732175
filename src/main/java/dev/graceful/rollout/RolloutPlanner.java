package dev.graceful.rollout;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.report.Assessment;
import dev.graceful.report.Programming;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.rollout.RolloutState.Result;
import dev.graceful.rollout.Step.AskPlace;
import dev.graceful.rollout.Step.AskTurn;
import dev.graceful.rollout.Step.DropChanges;
import dev.graceful.rollout.Step.DryRun;
import dev.graceful.rollout.Step.End;
import dev.graceful.rollout.Step.LetGo;
import dev.graceful.rollout.Step.Rest;
import dev.graceful.rollout.Step.Save;
import dev.graceful.rollout.Step.SaveJournal;
import dev.graceful.rollout.Step.TellQueue;
import dev.graceful.rollout.Step.Wait;
import dev.graceful.rollout.Step.Write;
import dev.graceful.template.Journal;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.Pending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next step about one Deployment. A decision is recorded before it is written, so that
 * the operator knows its own values after a crash between any two steps.
 */
public final class RolloutPlanner {

  /** GitOps tools delete a policy and create it again; that changes nothing. */
  private static final Duration POLICY_MAY_COME_BACK = Duration.ofSeconds(60);

  private static final TellQueue TELL_QUEUE = new TellQueue();
  private static final LetGo LET_GO = new LetGo();

  private RolloutPlanner() {}

  /** The next step; after an {@link End} there is none. */
  public static Step next(RolloutState state) {
    Aim aim = state.aim();
    Duration policyMayComeBack = policyMayComeBack(state);
    if (policyMayComeBack.isPositive()) {
      Assessment ungoverned = Programming.ungoverned(POLICY_MAY_COME_BACK.toSeconds());
      return afterTellingQueue(state, new Wait(ungoverned, policyMayComeBack));
    }
    var failure = state.failure();
    if (failure != null) {
      return new Wait(Programming.failed(failure.answer()), failure.left(state.nanos()));
    }
    if (state.done().isEmpty() && !state.journal().equals(aim.noted())) {
      return new SaveJournal(aim.noted());
    }
    var counted = new DropChanges(aim.changes());
    if (!aim.changes().isEmpty() && !state.done().contains(counted)) {
      return counted;
    }
    return aim.shaping() == null ? new Wait(Programming.trying(), null) : act(aim.shaping(), state);
  }

  /** How long nothing is given back yet; not positive: it may be. */
  private static Duration policyMayComeBack(RolloutState state) {
    Aim aim = state.aim();
    Long since = aim.ungovernedSinceNanos();
    // With the owner's next rollout nothing is given back at once anyway.
    return since != null && aim.apply() == Apply.Immediately && aim.shaping() instanceof Pending
        ? POLICY_MAY_COME_BACK.minusNanos(state.nanos() - since)
        : Duration.ZERO;
  }

  private static Step act(Shaping shaping, RolloutState state) {
    if (state.aim().deployment().heldByUs() && !state.done().contains(LET_GO)) {
      return LET_GO;
    }
    if (state.atAdmission() == null) {
      return new AskPlace();
    }
    return shaping instanceof Pending pending
        ? pending(pending, state.atAdmission(), state)
        : atRest(shaping, state);
  }

  /** The template is as wanted; the rollout that made it so may still be under way. */
  private static Step atRest(Shaping shaping, RolloutState state) {
    Aim aim = state.aim();
    Assessment programmed = Programming.settled(shaping.reason(), shaping.message());
    if (aim.isRolledByUs()) {
      String stuck = aim.deployment().stuck();
      programmed = stuck == null ? Programming.rolling() : Programming.stuck(stuck);
    }
    return afterSaving(
        state,
        aim.noted(),
        state.deciding(shaping.decision()),
        afterTellingQueue(state, new Rest(programmed)));
  }

  private static Step pending(Pending pending, boolean atAdmission, RolloutState state) {
    Aim aim = state.aim();
    WriteTiming timing =
        WriteTiming.of(
            pending.appliedAs(aim.apply()),
            aim.deployment(),
            aim.isRolledByUs(),
            atAdmission,
            aim.ownerIsRolling());
    Step step = heldBack(state);
    if (step == null) {
      step =
          switch (timing) {
            case WriteTiming.AtAdmission t -> offer(pending, atAdmission, state);
            case WriteTiming.AfterOwner t -> offer(pending, atAdmission, state);
            case WriteTiming.WithOwner t -> write(pending, aim.noted(), state);
            case WriteTiming.InTurn t -> inTurn(pending, state);
            case WriteTiming.Blocked t ->
                new Wait(Programming.blocked(t.reason(), t.message()), null);
          };
    }
    return timing instanceof WriteTiming.InTurn ? step : afterTellingQueue(state, step);
  }

  /** What an answer of the API server leads to, now or before; null: nothing holds back. */
  private static @Nullable Step heldBack(RolloutState state) {
    var refusal = state.refusal();
    if (refusal != null && refusal.waits(state.nanos())) {
      Step wait = new Wait(Programming.refused(refusal.answer()), refusal.left(state.nanos()));
      return state.result() == Result.REFUSED
          ? afterSaving(state, state.aim().noted(), state.aim().recorded(), wait)
          : wait;
    }
    return state.result() == Result.OUTDATED
        ? new Wait(Programming.outdated(), Backoff.OUTDATED.pause(1))
        : null;
  }

  /** Records what the owner's next write is to have, once the API server would take it. */
  private static Step offer(Pending pending, boolean atAdmission, RolloutState state) {
    Decision decision = pending.decision();
    boolean known = decision == null || decision.equals(state.aim().recorded().decision());
    return known || state.result() == Result.ACCEPTED
        ? afterSaving(
            state,
            state.aim().noted(),
            state.deciding(decision),
            new Rest(Programming.awaitingOwner(pending, atAdmission)))
        // What was accepted before stands until then.
        : new DryRun(pending.change());
  }

  private static Step inTurn(Pending pending, RolloutState state) {
    Aim aim = state.aim();
    return switch (state.turn()) {
      case null ->
          aim.rolling() && aim.isUnseen()
              ? new Wait(Programming.rolling(), Backoff.OUTDATED.pause(1))
              : new AskTurn();
      case Turn.Now turn ->
          write(pending, new Journal(aim.deployment().generation() + 1, aim.contest()), state);
      case Turn.Later turn -> new Wait(Programming.queued(), null);
      case Turn.Stopped turn -> new Wait(Programming.queueStopped(turn.by(), turn.why()), null);
    };
  }

  private static Step write(Pending pending, Journal journal, RolloutState state) {
    return state.result() == Result.ACCEPTED
        ? new Rest(Programming.rolling())
        : afterSaving(
            state, journal, state.deciding(pending.decision()), new Write(pending.change()));
  }

  /** Saves first what differs, the journal before the record: the reverts come before all else. */
  private static Step afterSaving(
      RolloutState state, Journal journal, DeploymentProtectionSpec record, Step then) {
    if (!journal.equals(state.journal())) {
      return new SaveJournal(journal);
    }
    return record.equals(state.recorded()) ? then : new Save(record);
  }

  /**
   * Tells the queue first: no other Deployment's turn comes as long as the operator's write is
   * being rolled out, whatever is decided meanwhile.
   */
  private static Step afterTellingQueue(RolloutState state, Step then) {
    return state.done().contains(TELL_QUEUE) ? then : TELL_QUEUE;
  }
}
