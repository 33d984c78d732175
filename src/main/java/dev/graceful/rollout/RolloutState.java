package dev.graceful.rollout;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.Step.End;
import dev.graceful.rollout.Step.Rest;
import dev.graceful.rollout.Step.Save;
import dev.graceful.rollout.Step.SaveJournal;
import dev.graceful.template.Change;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import dev.graceful.template.Ledger;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.Pending;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the next step about one Deployment depends on.
 *
 * @param done the steps since the start that have no answer, oldest first
 * @param atAdmission whether the Deployment has a place at the MutatingAdmissionPolicy; null: not
 *     asked yet
 * @param turn null: not asked yet
 * @param result of the dry run or the write; null: neither was sent
 * @param nanos the time, on the monotonic clock
 */
public record RolloutState(
    Aim aim,
    Setbacks setbacks,
    List<Step> done,
    @Nullable Boolean atAdmission,
    @Nullable Turn turn,
    @Nullable Result result,
    long nanos) {

  /**
   * What is known at the start, and what is wanted.
   *
   * @param recorded the latest record
   * @param journal the latest
   * @param ledger by which the shaping was made
   * @param shaping null: the policy's readiness probe is being tried
   * @param contest how it stands; reverts count whatever holds the template back
   * @param changes of the template, the reverts among which the contest counts
   * @param ownerIsRolling whether the owner was just seen to change the template
   * @param rolling whether the queue counts the Deployment as being rolled out
   * @param ungovernedSinceNanos when no policy governed the Deployment any more; null: one does
   */
  public record Aim(
      DeploymentFacts deployment,
      DeploymentProtectionSpec recorded,
      Journal journal,
      Ledger ledger,
      Apply apply,
      @Nullable Shaping shaping,
      Contest contest,
      List<TemplateChange> changes,
      boolean ownerIsRolling,
      boolean rolling,
      @Nullable Long ungovernedSinceNanos) {

    /** Whether the operator's own write is being rolled out. */
    public boolean isRolledByUs() {
      Long rolls = journal.rolloutGeneration();
      return rolls != null && rolls == deployment.generation() && !deployment.settled();
    }

    /** Whether the operator's latest write is not seen yet. */
    boolean isUnseen() {
      Long rolls = journal.rolloutGeneration();
      return rolls != null && deployment.generation() < rolls;
    }

    /** The journal with the contest in it. */
    Journal noted() {
      return new Journal(journal.rolloutGeneration(), contest);
    }
  }

  /** A change of a template, by the template's digest. */
  public record Edit(Change change, String template) {}

  /**
   * What did not succeed, each with the API server's own words; kept from one state to the next.
   *
   * @param failure a write that the API server could not take at that time
   * @param refusal a change that it does not take
   */
  public record Setbacks(
      @Nullable Attempt<WorkloadRef, String> failure, @Nullable Attempt<Edit, String> refusal) {
    /** Everything has succeeded. */
    public static final Setbacks NONE = new Setbacks(null, null);
  }

  /** What became of a dry run or a write. */
  public enum Result {
    ACCEPTED,
    /** It was taken, and something took part of it out on the way. */
    ALTERED,
    REFUSED,
    /** The Deployment has changed since the decision, or is gone. */
    OUTDATED
  }

  /** The state before the first step. */
  public static RolloutState of(Aim aim, Setbacks setbacks, long nanos) {
    return new RolloutState(aim, setbacks, List.of(), null, null, null, nanos);
  }

  /** The state after a step that has no answer. */
  public RolloutState after(Step step) {
    List<Step> steps = Stream.concat(done.stream(), Stream.of(step)).toList();
    return new RolloutState(aim, setbacks, steps, atAdmission, turn, result, nanos);
  }

  /** The state once a place was taken, or not. */
  public RolloutState placed(boolean taken) {
    return new RolloutState(aim, setbacks, done, taken, turn, result, nanos);
  }

  /** The state once the queue has answered. */
  public RolloutState turn(Turn next) {
    return new RolloutState(aim, setbacks, done, atAdmission, next, result, nanos);
  }

  /**
   * The state once the API server has answered to a dry run or a write.
   *
   * @param words the server's own; empty if the change was accepted or outdated
   */
  public RolloutState answered(Result answer, String words, long now) {
    Setbacks next = setbacks;
    if ((answer == Result.ALTERED || answer == Result.REFUSED)
        && aim.shaping() instanceof Pending pending) {
      var refusal = Attempt.next(setbacks.refusal(), Backoff.REFUSED, edit(pending), words, now);
      next = new Setbacks(setbacks.failure(), refusal);
    }
    return new RolloutState(aim, next, done, atAdmission, turn, answer, now);
  }

  /**
   * The state once the API server could not take a write.
   *
   * @param words the server's own
   */
  public RolloutState failed(String words, long now) {
    var failure =
        Attempt.next(setbacks.failure(), Backoff.WRITE_FAILED, aim.deployment().ref(), words, now);
    var next = new Setbacks(failure, setbacks.refusal());
    return new RolloutState(aim, next, done, atAdmission, turn, result, now);
  }

  /**
   * The decision, before it is acted on: a refused one leaves the one that was recorded before.
   *
   * @return null: the template is to have nothing of the operator's
   */
  public @Nullable Decision decision() {
    Shaping shaping = aim.shaping();
    if (shaping == null) {
      return aim.ledger().decision();
    }
    return refusal() == null ? shaping.decision() : aim.recorded().decision();
  }

  /** Whether a turn was taken that no write has used. */
  public boolean wastesTurn() {
    return turn instanceof Turn.Now && result != Result.ACCEPTED;
  }

  /** What to keep for the next state, once an end is reached. */
  public Setbacks kept(End end) {
    if (end instanceof Rest) {
      return Setbacks.NONE;
    }
    return failure() == null ? new Setbacks(null, setbacks.refusal()) : setbacks;
  }

  /** The failure after which it is too early for another write; null: there is none. */
  @Nullable Attempt<WorkloadRef, String> failure() {
    Attempt<WorkloadRef, String> failure = setbacks.failure();
    return failure != null && failure.waits(nanos) ? failure : null;
  }

  /** The refusal of the pending change; null: it was not refused. */
  @Nullable Attempt<Edit, String> refusal() {
    Attempt<Edit, String> refusal = setbacks.refusal();
    return refusal != null && aim.shaping() instanceof Pending p && refusal.isOf(edit(p))
        ? refusal
        : null;
  }

  /** The record by now. */
  DeploymentProtectionSpec recorded() {
    return latest(Save.class).map(Save::spec).orElse(aim.recorded());
  }

  /** The journal by now. */
  Journal journal() {
    return latest(SaveJournal.class).map(SaveJournal::journal).orElse(aim.journal());
  }

  private <S extends Step> Optional<S> latest(Class<S> kind) {
    return done.stream().filter(kind::isInstance).map(kind::cast).reduce((earlier, later) -> later);
  }

  /** The record with another decision. */
  DeploymentProtectionSpec deciding(@Nullable Decision decision) {
    Ledger ledger = aim.ledger();
    // No record of it is needed where the template has no value of the operator's and gets none.
    Before before =
        decision == null && ledger.before() == null ? null : ledger.beforeWriting(aim.deployment());
    Ledger next = ledger.deciding(decision, before);
    return new DeploymentProtectionSpec(
        aim.recorded().policy(),
        aim.apply(),
        Boolean.TRUE.equals(atAdmission) ? Boolean.TRUE : null,
        next.decision(),
        next.earlier().isEmpty() ? null : next.earlier(),
        next.before());
  }

  private Edit edit(Pending pending) {
    return new Edit(pending.change(), aim.deployment().template());
  }
}
