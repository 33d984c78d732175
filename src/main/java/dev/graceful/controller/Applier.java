package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.cluster.Answer;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.Templates;
import dev.graceful.controller.Memory.Noted;
import dev.graceful.controller.Memory.Recorded;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.RolloutPlanner;
import dev.graceful.rollout.RolloutState;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.rollout.RolloutState.Result;
import dev.graceful.rollout.RolloutState.Setbacks;
import dev.graceful.rollout.Step;
import dev.graceful.rollout.Step.End;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Takes the planned steps about a workload, one after the other. */
final class Applier {

  private final Workloads workloads;
  private final Ledgers ledgers;
  private final Templates templates;
  private final BiConsumer<WorkloadRef, List<TemplateChange>> dropChanges;
  private final LongSupplier nanos;

  /**
   * Takes steps on these.
   *
   * @param dropChanges takes the template changes that need not be kept any more
   * @param nanos the monotonic clock
   */
  Applier(
      Workloads workloads,
      Ledgers ledgers,
      Templates templates,
      BiConsumer<WorkloadRef, List<TemplateChange>> dropChanges,
      LongSupplier nanos) {
    this.workloads = workloads;
    this.ledgers = ledgers;
    this.templates = templates;
    this.dropChanges = dropChanges;
    this.nanos = nanos;
  }

  /** The state before the first step, with what is remembered of earlier ones. */
  RolloutState start(Aim aim) {
    return RolloutState.of(aim, workloads.of(aim.deployment().ref()).setbacks(), nanos.getAsLong());
  }

  /**
   * Takes all steps that can be taken now. Where the API server cannot take a write now, the end
   * says so.
   *
   * @param protections all that there are
   * @throws KubernetesClientException if a request failed in another way, or had no answer
   */
  End advance(RolloutState start, Supplier<Stream<DeploymentProtection>> protections) {
    WorkloadRef ref = start.aim().deployment().ref();
    RolloutState state = start;
    try {
      Step step = RolloutPlanner.next(state);
      while (!(step instanceof End)) {
        try {
          state = take(step, ref, state, protections);
        } catch (KubernetesClientException e) {
          if (!Answer.isForNow(e)) {
            throw e;
          }
          state = state.failed(Answer.message(e), nanos.getAsLong());
        }
        step = RolloutPlanner.next(state);
      }
      var end = (End) step;
      Setbacks kept = state.kept(end);
      workloads.update(ref, memory -> memory.with(kept));
      return end;
    } finally {
      if (state.wastesTurn()) {
        workloads.rests(ref);
      }
    }
  }

  private RolloutState take(
      Step step,
      WorkloadRef ref,
      RolloutState state,
      Supplier<Stream<DeploymentProtection>> protections) {
    switch (step) {
      case Step.AskPlace s -> {
        return state.placed(askPlace(ref, state, protections));
      }
      case Step.AskTurn s -> {
        return state.turn(
            workloads.askTurn(ref, () -> protections.get().map(Situation::ref).toList()));
      }
      case Step.DryRun s -> {
        return answered(state, templates.dryRun(state.aim().deployment(), s.change()));
      }
      case Step.Write s -> {
        return answered(state, templates.write(state.aim().deployment(), s.change()));
      }
      case Step.Save s -> save(ref, s);
      case Step.SaveJournal s -> save(ref, s);
      case Step.DropChanges s -> dropChanges.accept(ref, s.changes());
      case Step.LetGo s -> templates.letGo(ref);
      case Step.TellQueue s -> tellQueue(ref, state);
      case End s -> throw new IllegalArgumentException("an end is not taken");
    }
    return state.after(step);
  }

  private boolean askPlace(
      WorkloadRef ref, RolloutState state, Supplier<Stream<DeploymentProtection>> protections) {
    return workloads.place(
        ref,
        state.aim().apply() == Apply.OnRollout,
        () ->
            protections
                .get()
                .filter(p -> Boolean.TRUE.equals(p.getSpec().atAdmission()))
                .map(Situation::ref));
  }

  private void save(WorkloadRef ref, Step.Save step) {
    ObjectMeta answer = ledgers.record(ref, step.spec());
    if (answer != null) {
      var latest = new Recorded(answer.getUid(), answer.getGeneration(), step.spec());
      workloads.update(ref, memory -> memory.with(latest));
    }
  }

  private void save(WorkloadRef ref, Step.SaveJournal step) {
    ObjectMeta answer = ledgers.note(ref, step.journal());
    if (answer != null) {
      var latest = new Noted(answer.getUid(), step.journal());
      workloads.update(ref, memory -> memory.with(latest));
    }
  }

  private void tellQueue(WorkloadRef ref, RolloutState state) {
    if (state.aim().isRolledByUs()) {
      workloads.rolls(ref, Optional.ofNullable(state.aim().deployment().stuck()));
    } else {
      workloads.rests(ref);
    }
  }

  private RolloutState answered(RolloutState state, Templates.Outcome outcome) {
    long now = nanos.getAsLong();
    return switch (outcome) {
      case Templates.Written o -> state.answered(Result.ACCEPTED, "", now);
      case Templates.Outdated o -> state.answered(Result.OUTDATED, "", now);
      case Templates.Altered o -> state.answered(Result.ALTERED, o.answer(), now);
      case Templates.Refused o -> state.answered(Result.REFUSED, o.answer(), now);
    };
  }
}
