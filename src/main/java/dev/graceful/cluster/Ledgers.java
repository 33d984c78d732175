package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** Keeps what is decided for each Deployment, so that the operator knows its own after a crash. */
public interface Ledgers {

  /** Says which policy governs a Deployment; begins its record if there is none. */
  void govern(DeploymentFacts deployment, GracefulPolicy policy);

  /**
   * Records what is decided for a Deployment, all but which policy governs it.
   *
   * @return the record's metadata by now; null: its namespace takes nothing any more
   */
  @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided);

  /**
   * Notes what the operator has started and what owners took out of a Deployment that has a record.
   *
   * @return the record's metadata by now; null: its namespace takes nothing any more
   */
  @Nullable ObjectMeta note(WorkloadRef ref, Journal journal);

  /** Removes a record that has nothing to remember. */
  void delete(DeploymentProtection protection);
}
