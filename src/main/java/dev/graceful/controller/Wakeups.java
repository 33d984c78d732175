package dev.graceful.controller;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.facts.WorkloadRef;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Wakes the reconcilers when something of theirs was seen to change. */
@Singleton
public final class Wakeups {

  private final SimpleInboundEventSource<DeploymentProtection> protections =
      new SimpleInboundEventSource<>("observed-workload");
  private final SimpleInboundEventSource<GracefulPolicy> policies =
      new SimpleInboundEventSource<>("observed-namespace");

  private volatile Consumer<WorkloadRef> gone = workload -> {};

  /** Sets the listener for Deployments that are gone: nothing reconciles these. */
  void onGone(Consumer<WorkloadRef> listener) {
    gone = listener;
  }

  void gone(WorkloadRef workload) {
    gone.accept(workload);
  }

  SimpleInboundEventSource<DeploymentProtection> protections() {
    return protections;
  }

  SimpleInboundEventSource<GracefulPolicy> policies() {
    return policies;
  }

  void protection(WorkloadRef workload) {
    protections.propagateEvent(new ResourceID(workload.name(), workload.namespace()));
  }

  void policy(GracefulPolicy policy) {
    policies.propagateEvent(ResourceID.fromResource(policy));
  }

  /** Wakes the policy that a protection names. */
  void policyOf(DeploymentProtection protection) {
    if (protection.getSpec() != null) {
      policies.propagateEvent(
          new ResourceID(
              protection.getSpec().policy().name(), protection.getMetadata().getNamespace()));
    }
  }
}
