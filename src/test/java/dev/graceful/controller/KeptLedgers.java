package dev.graceful.controller;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.cluster.Ledgers;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ledgers that are kept here alone. */
final class KeptLedgers implements Ledgers {

  /** What was asked for, in its order: govern web by gentle, record web, delete web. */
  final List<String> writes = new ArrayList<>();

  /** What was recorded last. */
  @Nullable DeploymentProtectionSpec kept;

  /** What was noted last. */
  @Nullable Journal noted;

  /** What a record fails with. */
  @Nullable RuntimeException failure;

  private long generation = 1;

  @Override
  public void govern(DeploymentFacts deployment, GracefulPolicy policy) {
    writes.add("govern " + deployment.ref().name() + " by " + policy.getMetadata().getName());
  }

  @Override
  public @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided) {
    if (failure != null) {
      throw failure;
    }
    writes.add("record " + ref.name());
    kept = decided;
    generation++;
    return new ObjectMetaBuilder().withUid("dp-1").withGeneration(generation).build();
  }

  @Override
  public ObjectMeta note(WorkloadRef ref, Journal journal) {
    if (failure != null) {
      throw failure;
    }
    writes.add("note " + ref.name());
    noted = journal;
    return new ObjectMetaBuilder().withUid("dp-1").withGeneration(generation).build();
  }

  @Override
  public void delete(DeploymentProtection protection) {
    writes.add("delete " + protection.getMetadata().getName());
  }
}
