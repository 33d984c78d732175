package dev.graceful.reconcile;

import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.observe.WorkloadRef;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** Keeps what is decided for each Deployment, so that the operator knows its own after a crash. */
interface Ledgers {

  /**
   * Records what is decided for a Deployment, all but which policy governs it.
   *
   * @return the record's metadata by now; null: its namespace takes nothing any more
   */
  @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided);
}
