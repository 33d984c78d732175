package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import dev.graceful.template.Ledger;
import dev.graceful.template.Readiness.Trial;
import dev.graceful.template.RunningPods;
import dev.graceful.template.Selection;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.InPlace;
import dev.graceful.template.ShutdownGoal;
import dev.graceful.template.rule.Planner;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all caches say of one protection's Deployment, read at once and without side effects. */
sealed interface Situation {

  /** The Deployment is gone, or about to be. */
  record Gone() implements Situation {}

  /**
   * The protection is of an earlier Deployment of this name. It is about to be collected, and
   * created anew.
   */
  record OfEarlierDeployment() implements Situation {}

  /** Another policy governs the Deployment than the protection says. */
  record OfOtherPolicy(GracefulPolicy policy) implements Situation {}

  /** No policy governs the Deployment any more. */
  record Ungoverned(DeploymentFacts deployment, DeploymentProtectionSpec recorded, Journal journal)
      implements Situation {

    /**
     * What is wanted: that the operator's part goes.
     *
     * @return null: there is nothing to give back, and the record may go
     */
    @Nullable Aim aim(boolean ownerIsRolling, boolean rolling, @Nullable Long sinceNanos) {
      Apply apply = recorded.apply();
      if (apply == null || apply == Apply.Never) {
        return null;
      }
      Ledger ledger = Ledger.of(recorded);
      Shaping shaping = Planner.giveBack(deployment, ledger);
      var aim =
          new Aim(
              deployment,
              recorded,
              journal,
              ledger,
              apply,
              shaping,
              Contest.NONE,
              List.of(),
              ownerIsRolling,
              rolling,
              sinceNanos);
      return shaping instanceof InPlace && !aim.isRolledByUs() ? null : aim;
    }
  }

  /**
   * A policy governs the Deployment.
   *
   * @param ledger by the record, or by what was written at the Deployment's creation
   * @param pods what is known of the Deployment's pods
   * @param changes of the template by others than the operator, which the journal does not count
   *     yet
   * @param contest how it stands after these changes
   */
  record Governed(
      DeploymentFacts deployment,
      GracefulPolicy policy,
      DeploymentProtectionSpec recorded,
      Journal journal,
      ShutdownGoal wish,
      Ledger ledger,
      RunningPods pods,
      List<TemplateChange> changes,
      Contest contest)
      implements Situation {

    /** How the Deployment's terminations are watched and probed. */
    ProbeRules rules() {
      return new ProbeRules(
          wish.propagationSeconds(), ProbePlan.VerifySpec.of(policy.getSpec().verify()));
    }

    /** The readiness probe that has to be tried first; null: none. */
    @Nullable Trial trial() {
      return Planner.trial(wish, deployment, pods, ledger);
    }

    /**
     * What comes of the policy.
     *
     * @param answer to the readiness probe; null: there is none to try
     */
    Shaping shaping(@Nullable ReadinessAnswer answer) {
      return contest.isGivenUp()
          ? Planner.contested(wish, deployment, ledger)
          : Planner.shape(wish, deployment, pods, ledger, answer);
    }

    /**
     * What is wanted.
     *
     * @param shaping null: a readiness probe is being tried
     */
    Aim aim(@Nullable Shaping shaping, boolean ownerIsRolling, boolean rolling) {
      return new Aim(
          deployment,
          recorded,
          journal,
          ledger,
          wish.apply(),
          shaping,
          contest,
          changes,
          ownerIsRolling,
          rolling,
          null);
    }
  }

  /** The situation now. */
  static Situation of(
      DeploymentProtection protection, Memory memory, ClusterWatch watch, Instant now) {
    WorkloadRef ref = ref(protection);
    DeploymentFacts deployment = watch.deployments().get(ref);
    if (deployment == null || deployment.deleting()) {
      return new Gone();
    }
    if (protection.getMetadata().getOwnerReferences().stream()
        .noneMatch(owner -> deployment.uid().equals(owner.getUid()))) {
      return new OfEarlierDeployment();
    }
    DeploymentProtectionSpec recorded = memory.recorded(protection);
    Journal journal = memory.journal(protection);
    GracefulPolicy policy =
        Selection.governing(deployment.labels(), watch.policiesOf(ref.namespace())).orElse(null);
    if (policy == null) {
      return new Ungoverned(deployment, recorded, journal);
    }
    return Objects.equals(policy.getMetadata().getUid(), protection.getSpec().policy().uid())
        ? governed(deployment, policy, recorded, journal, watch, now)
        : new OfOtherPolicy(policy);
  }

  /** The Deployment of a protection. */
  static WorkloadRef ref(DeploymentProtection protection) {
    return new WorkloadRef(
        protection.getMetadata().getNamespace(), protection.getMetadata().getName());
  }

  private static Governed governed(
      DeploymentFacts deployment,
      GracefulPolicy policy,
      DeploymentProtectionSpec recorded,
      Journal journal,
      ClusterWatch watch,
      Instant now) {
    WorkloadRef ref = deployment.ref();
    ShutdownGoal wish = ShutdownGoal.of(policy.getSpec());
    Ledger ledger = Ledger.of(recorded).orAtCreation(wish, deployment);
    List<TemplateChange> changes = watch.deployments().changes(ref);
    Contest contest =
        Contest.of(
            journal.contest(),
            policy.getMetadata().getGeneration(),
            changes,
            ledger,
            // Read only if needed: most reconciliations follow no change of the template.
            changes.isEmpty() ? Set.of() : watch.evidence().ask(o -> o.workload(ref).templates()),
            now);
    RunningPods pods =
        watch
            .evidence()
            .ask(o -> new RunningPods(o.workload(ref).clientPorts(), o.workload(ref).injected()));
    return new Governed(
        deployment, policy, recorded, journal, wish, ledger, pods, changes, contest);
  }
}
