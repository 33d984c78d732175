package dev.graceful.reconcile;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.Templates;
import dev.graceful.cluster.Templates.Altered;
import dev.graceful.cluster.Templates.Outcome;
import dev.graceful.cluster.Templates.Outdated;
import dev.graceful.cluster.Templates.Refused;
import dev.graceful.cluster.Templates.Written;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.shape.Change;
import dev.graceful.shape.Contest;
import dev.graceful.shape.Ledger;
import dev.graceful.shape.Moment;
import dev.graceful.shape.Shaping;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Pending;
import dev.graceful.shape.Turn;
import dev.graceful.status.Assessment;
import dev.graceful.status.Programming;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has a shaping put into the pod template, when and how it may be: recorded first, so that a crash
 * between any two writes leaves the operator knowing its own.
 */
final class Programmer {

  /** A refused change is tried again: an admission policy or a quota may have changed. */
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

  private static final Duration AFTER_REFUSAL_AT_MOST = Duration.ofHours(1);
  private static final Duration AFTER_OUTDATED = Duration.ofSeconds(1);

  private final Predicate<WorkloadRef> ownerIsRolling;
  private final Ledgers ledgers;
  private final Templates templates;
  private final Turns turns;
  private final AdmissionPlaces places;
  private final LongSupplier nanos;
  private final Map<WorkloadRef, Refusal> refusals = new ConcurrentHashMap<>();
  private final Map<WorkloadRef, Recorded> latest = new ConcurrentHashMap<>();

  /**
   * Nothing is known yet.
   *
   * @param ownerIsRolling whether the owner of a Deployment was just seen to change its template
   * @param nanos the monotonic clock
   */
  Programmer(
      Predicate<WorkloadRef> ownerIsRolling,
      Ledgers ledgers,
      Templates templates,
      Turns turns,
      AdmissionPlaces places,
      LongSupplier nanos) {
    this.ownerIsRolling = ownerIsRolling;
    this.ledgers = ledgers;
    this.templates = templates;
    this.turns = turns;
    this.places = places;
    this.nanos = nanos;
  }

  /**
   * What was done about a shaping.
   *
   * @param again when to look again; null: when something changes
   */
  record Acted(Assessment programmed, @Nullable Duration again) {}

  /** What was refused, how often in a row, and when it may be tried again. */
  private record Refusal(
      Change change, String template, int times, long untilNanos, String answer) {
    static Refusal of(
        @Nullable Refusal last, Change change, String template, String answer, long nowNanos) {
      int times = last != null && last.isOf(change, template) ? last.times + 1 : 1;
      return new Refusal(change, template, times, nowNanos + pause(times).toNanos(), answer);
    }

    boolean isOf(Change other, String otherTemplate) {
      return change.equals(other) && template.equals(otherTemplate);
    }

    Duration left(long nowNanos) {
      return Duration.ofNanos(untilNanos - nowNanos);
    }

    private static Duration pause(int times) {
      Duration pause = AFTER_REFUSAL.multipliedBy(1L << Math.min(times - 1, 10));
      return pause.compareTo(AFTER_REFUSAL_AT_MOST) > 0 ? AFTER_REFUSAL_AT_MOST : pause;
    }
  }

  /** What was recorded last, which the watch may not have shown yet. */
  private record Recorded(String uid, long generation, DeploymentProtectionSpec spec) {}

  /**
   * What is acted on.
   *
   * @param recorded the latest that is
   * @param ledger by which the shaping was made
   * @param protections all that there are
   */
  record Subject(
      DeploymentFacts deployment,
      DeploymentProtectionSpec recorded,
      Ledger ledger,
      Apply apply,
      Supplier<Stream<DeploymentProtection>> protections) {

    WorkloadRef ref() {
      return deployment.ref();
    }

    /** The same, with another record. */
    Subject as(DeploymentProtectionSpec other) {
      return new Subject(deployment, other, ledger, apply, protections);
    }

    /** Whether the operator's own write is being rolled out. */
    boolean isRolledByUs() {
      Long rolls = recorded.rolls();
      return rolls != null && rolls == deployment.generation() && !deployment.settled();
    }
  }

  /**
   * What is recorded of a Deployment: what the watch shows, unless this process has written since.
   * On an older record it would take its own values for the owner's.
   */
  DeploymentProtectionSpec recorded(WorkloadRef ref, DeploymentProtection protection) {
    Recorded written = latest.get(ref);
    ObjectMeta shown = protection.getMetadata();
    if (written != null
        && written.uid().equals(shown.getUid())
        && shown.getGeneration() < written.generation()) {
      return written.spec();
    }
    latest.remove(ref);
    return protection.getSpec();
  }

  /**
   * Records how the contest stands, before anything is done about the Deployment: whatever holds
   * its template back, or breaks the operator off, a revert counts.
   *
   * @return what is recorded by now
   */
  DeploymentProtectionSpec note(
      WorkloadRef ref, DeploymentProtectionSpec recorded, Contest contest) {
    DeploymentProtectionSpec next = contest.in(recorded);
    if (!next.equals(recorded)) {
      record(ref, next);
    }
    return next;
  }

  /**
   * What is decided, before it is acted on: of what was refused, that which was recorded before.
   *
   * @return null: nothing of the operator's is to be in the template
   */
  @Nullable Decision decision(Shaping shaping, Subject it) {
    Refusal refusal = refusals.get(it.ref());
    boolean refused =
        refusal != null
            && shaping instanceof Pending s
            && refusal.isOf(s.change(), it.deployment().template());
    return refused ? it.recorded().decision() : shaping.decision();
  }

  /** Acts on a shaping. */
  Acted act(Shaping shaping, Subject it) {
    if (it.deployment().heldByUs()) {
      templates.letGo(it.ref());
    }
    if (it.apply() != Apply.OnRollout) {
      places.leave(it.ref());
    }
    return switch (shaping) {
      case InPlace s -> atRest(s, it);
      case Leave s -> atRest(s, it);
      case Pending s -> pending(s, it);
    };
  }

  /** The Deployment is gone, or there is nothing to remember of it. */
  void forget(WorkloadRef ref) {
    turns.rests(ref);
    refusals.remove(ref);
    latest.remove(ref);
    places.leave(ref);
  }

  /**
   * Nobody else's turn comes as long as the operator's write is being rolled out, whatever is
   * decided meanwhile.
   */
  void keepTurn(Subject it) {
    if (it.isRolledByUs()) {
      turns.rolls(it.ref(), Optional.ofNullable(it.deployment().stuck()));
    } else {
      turns.rests(it.ref());
    }
  }

  /** The template is as it is to be; a rollout that made it so may still be under way. */
  private Acted atRest(Shaping s, Subject it) {
    record(it, s.decision(), it.recorded().rolls());
    refusals.remove(it.ref());
    keepTurn(it);
    if (it.isRolledByUs()) {
      String stuck = it.deployment().stuck();
      return new Acted(stuck == null ? Programming.rolling() : Programming.stuck(stuck), null);
    }
    return new Acted(Programming.settled(s.reason(), s.message()), null);
  }

  private Acted pending(Pending s, Subject it) {
    Moment moment =
        Moment.of(
            it.apply(),
            it.deployment(),
            it.isRolledByUs(),
            isAtAdmission(it),
            ownerIsRolling.test(it.ref()));
    if (!(moment instanceof Moment.InTurn)) {
      keepTurn(it);
    }
    Refusal refusal = refusals.get(it.ref());
    if (refusal != null
        && refusal.isOf(s.change(), it.deployment().template())
        && refusal.left(nanos.getAsLong()).isPositive()) {
      return new Acted(Programming.refused(refusal.answer()), refusal.left(nanos.getAsLong()));
    }
    return switch (moment) {
      case Moment.AtAdmission m -> offer(s, it);
      case Moment.AfterOwner m -> offer(s, it);
      case Moment.WithOwner m -> write(s, it, it.recorded().rolls());
      case Moment.InTurn m -> inTurn(s, it);
      case Moment.Blocked m -> new Acted(Programming.blocked(m.reason(), m.message()), null);
    };
  }

  /** Records what the owner's next write is to have, once the API server would take it. */
  private Acted offer(Pending s, Subject it) {
    boolean known = s.decision() == null || s.decision().equals(it.recorded().decision());
    if (!known) {
      Outcome outcome = templates.dryRun(it.deployment(), s.change());
      if (!(outcome instanceof Written)) {
        // What was accepted before stands.
        return notWritten(outcome, s, it);
      }
    }
    refusals.remove(it.ref());
    record(it, s.decision(), it.recorded().rolls());
    return new Acted(Programming.awaitingOwner(s, isAtAdmission(it)), null);
  }

  private Acted inTurn(Pending s, Subject it) {
    Long rolls = it.recorded().rolls();
    boolean unseen = rolls != null && it.deployment().generation() < rolls;
    if (unseen && turns.isRolling(it.ref())) {
      return new Acted(Programming.rolling(), AFTER_OUTDATED);
    }
    if (turns.isRolling(it.ref())) {
      turns.rests(it.ref());
    }
    Turn turn = turns.ask(it.ref(), () -> it.protections().get().map(Programmer::ref).toList());
    Assessment waits = Programming.of(turn);
    if (waits != null) {
      return new Acted(waits, null);
    }
    boolean written = false;
    try {
      Acted acted = write(s, it, it.deployment().generation() + 1);
      written = acted.again() == null;
      return acted;
    } finally {
      if (!written) {
        turns.rests(it.ref());
      }
    }
  }

  private Acted write(Pending s, Subject it, @Nullable Long rolls) {
    record(it, s.decision(), rolls);
    Outcome outcome = templates.write(it.deployment(), s.change());
    if (outcome instanceof Written) {
      refusals.remove(it.ref());
      return new Acted(Programming.rolling(), null);
    }
    if (outcome instanceof Refused) {
      record(it.ref(), it.recorded());
    }
    return notWritten(outcome, s, it);
  }

  private Acted notWritten(Outcome outcome, Pending s, Subject it) {
    return switch (outcome) {
      case Refused r -> refused(r.answer(), s, it);
      case Altered a -> refused(a.answer(), s, it);
      case Outdated o -> new Acted(Programming.outdated(), AFTER_OUTDATED);
      case Written w -> throw new IllegalStateException("it was written");
    };
  }

  private Acted refused(String answer, Pending s, Subject it) {
    long now = nanos.getAsLong();
    Refusal refusal =
        Refusal.of(refusals.get(it.ref()), s.change(), it.deployment().template(), answer, now);
    refusals.put(it.ref(), refusal);
    return new Acted(Programming.refused(answer), refusal.left(now));
  }

  private void record(Subject it, @Nullable Decision decision, @Nullable Long rolls) {
    Ledger next = it.ledger().deciding(decision, before(it, decision));
    var spec =
        new DeploymentProtectionSpec(
            it.recorded().policy(),
            it.apply(),
            isAtAdmission(it) ? Boolean.TRUE : null,
            next.decision(),
            next.earlier().isEmpty() ? null : next.earlier(),
            next.before(),
            rolls,
            it.recorded().reverts(),
            it.recorded().contestedGeneration());
    Recorded written = latest.get(it.ref());
    if (!spec.equals(written == null ? it.recorded() : written.spec())) {
      record(it.ref(), spec);
    }
  }

  private void record(WorkloadRef ref, DeploymentProtectionSpec spec) {
    ObjectMeta answer = ledgers.record(ref, spec);
    if (answer != null) {
      latest.put(ref, new Recorded(answer.getUid(), answer.getGeneration(), spec));
    }
  }

  private boolean isAtAdmission(Subject it) {
    return it.apply() == Apply.OnRollout
        && places.take(
            it.ref(),
            () ->
                it.protections()
                    .get()
                    .filter(p -> Boolean.TRUE.equals(p.getSpec().atAdmission()))
                    .map(Programmer::ref));
  }

  private static WorkloadRef ref(DeploymentProtection protection) {
    return new WorkloadRef(
        protection.getMetadata().getNamespace(), protection.getMetadata().getName());
  }

  /** Where nothing of ours is or is to be, there is nothing to remember. */
  private static @Nullable Before before(Subject it, @Nullable Decision decision) {
    return decision == null && it.ledger().before() == null
        ? null
        : it.ledger().beforeWriting(it.deployment());
  }
}
