package dev.graceful.controller;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.rollout.Attempt;
import dev.graceful.rollout.RolloutState.Setbacks;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of one workload as long as the process lives.
 *
 * @param latest record that this process has written, as far as the watch may not show it yet
 * @param noted journal that this process has written; it is the only one who writes it
 * @param trial of the policy's readiness probe; its answer is empty until a pod has answered
 * @param ungovernedSinceNanos on the monotonic clock; null: a policy governs it
 */
record Memory(
    @Nullable Recorded latest,
    @Nullable Noted noted,
    Setbacks setbacks,
    @Nullable Attempt<Trial, Optional<ReadinessAnswer>> trial,
    @Nullable Long ungovernedSinceNanos) {

  /** Nothing is remembered. */
  static final Memory NONE = new Memory(null, null, Setbacks.NONE, null, null);

  /** A record, and the generation that the API server gave it. */
  record Recorded(String uid, long generation, DeploymentProtectionSpec spec) {}

  /** A journal of the protection with this uid. */
  record Noted(String uid, Journal journal) {}

  /** A readiness probe on pods of a template; another template may answer differently. */
  record Trial(ReadinessCheck check, String template) {}

  /**
   * The latest record: what the watch shows, unless this process has written since. By an older
   * record the operator would take its own values for the owner's.
   */
  DeploymentProtectionSpec recorded(DeploymentProtection shown) {
    return latest == null || isShown(latest, shown) ? shown.getSpec() : latest.spec();
  }

  /**
   * The latest journal: what this process has written, or else what the watch shows. Writes of a
   * status make no new generation by which the watch could be seen to have caught up.
   */
  Journal journal(DeploymentProtection shown) {
    return noted != null && noted.uid().equals(shown.getMetadata().getUid())
        ? noted.journal()
        : Journal.of(shown.getStatus());
  }

  /** The same without a record that the watch shows by now. */
  Memory seeing(DeploymentProtection shown) {
    return latest != null && isShown(latest, shown) ? with((Recorded) null) : this;
  }

  Memory with(@Nullable Recorded recorded) {
    return new Memory(recorded, noted, setbacks, trial, ungovernedSinceNanos);
  }

  Memory with(Noted next) {
    return new Memory(latest, next, setbacks, trial, ungovernedSinceNanos);
  }

  Memory with(Setbacks next) {
    return new Memory(latest, noted, next, trial, ungovernedSinceNanos);
  }

  Memory with(@Nullable Attempt<Trial, Optional<ReadinessAnswer>> next) {
    return new Memory(latest, noted, setbacks, next, ungovernedSinceNanos);
  }

  /** The same, governed by a policy. */
  Memory governed() {
    return new Memory(latest, noted, setbacks, trial, null);
  }

  /** The same, governed by no policy: since then, unless it was so before. */
  Memory ungoverned(long nanos) {
    Long since = ungovernedSinceNanos == null ? Long.valueOf(nanos) : ungovernedSinceNanos;
    return new Memory(latest, noted, setbacks, null, since);
  }

  private static boolean isShown(Recorded latest, DeploymentProtection shown) {
    ObjectMeta metadata = shown.getMetadata();
    return !latest.uid().equals(metadata.getUid())
        || metadata.getGeneration() >= latest.generation();
  }
}
