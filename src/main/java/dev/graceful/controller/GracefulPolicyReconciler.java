package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.NewDeployments;
import dev.graceful.cluster.Protections;
import dev.graceful.config.Settings;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.report.ConditionType;
import dev.graceful.report.Conditions;
import dev.graceful.report.PolicyStatus;
import dev.graceful.report.PolicyStatus.Tally;
import dev.graceful.template.Selection;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives each Deployment that a policy governs its protection, and adds up what becomes of them. */
@ControllerConfiguration(
    name = GracefulPolicyReconciler.NAME,
    informer = @Informer(itemStore = OwnObjects.class, informerListLimit = 500),
    // None: what changes wakes it. Each reconciliation would leave a timer task behind for so long.
    maxReconciliationInterval = @MaxReconciliationInterval(interval = 0))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
public final class GracefulPolicyReconciler implements Reconciler<GracefulPolicy> {

  static final String NAME = "gracefulpolicy";

  private final ClusterWatch watch;
  private final Wakeups wakeups;
  private final Ledgers ledgers;
  private final NewDeployments newDeployments;
  private final boolean atAdmission;
  private final Clock clock;

  @Inject
  GracefulPolicyReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Settings settings,
      Clock clock) {
    this(watch, wakeups, client, new Protections(client), settings, clock);
  }

  /** With other ledgers. */
  GracefulPolicyReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Ledgers ledgers,
      Settings settings,
      Clock clock) {
    this.watch = watch;
    this.wakeups = wakeups;
    this.ledgers = ledgers;
    this.newDeployments = new NewDeployments(client);
    this.atAdmission = settings.apply().atAdmission();
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, GracefulPolicy>> prepareEventSources(
      EventSourceContext<GracefulPolicy> context) {
    watch.policies(OwnObjects.of(context));
    return List.of(wakeups.policies());
  }

  @Override
  public UpdateControl<GracefulPolicy> reconcile(
      GracefulPolicy policy, Context<GracefulPolicy> context) {
    Collection<GracefulPolicy> all = watch.policiesOf(policy.getMetadata().getNamespace());
    GracefulPolicyStatus next =
        PolicyStatus.next(policy, tally(policy, all), protectsNew(policy), clock.instant());
    return StatusUpdate.of(policy, policy.getStatus(), next, new GracefulPolicy());
  }

  /** Counts the Deployments that a policy selects, and takes over those that it governs newly. */
  private Tally tally(GracefulPolicy policy, Collection<GracefulPolicy> all) {
    Map<String, Condition> programmed = new HashMap<>();
    Map<String, Condition> graceful = new HashMap<>();
    Map<String, String> overriddenBy = new HashMap<>();
    int matched = 0;
    for (DeploymentFacts deployment : watch.deployments().in(policy.getMetadata().getNamespace())) {
      GracefulPolicy governing = Selection.governing(deployment.labels(), all).orElse(null);
      if (governing == null
          || deployment.deleting()
          || !Selection.matches(policy.getSpec().selector(), deployment.labels())) {
        continue;
      }
      matched++;
      String name = deployment.ref().name();
      if (!uid(governing).equals(uid(policy))) {
        overriddenBy.put(name, governing.getMetadata().getName());
        continue;
      }
      DeploymentProtection protection = watch.protection(deployment.ref());
      if (protection == null || !protection.getSpec().policy().uid().equals(uid(policy))) {
        ledgers.govern(deployment, policy);
        continue;
      }
      // The schema's default says nothing of the Deployment.
      if (protection.getStatus() != null && protection.getStatus().observedGeneration() != null) {
        put(programmed, name, protection, ConditionType.Programmed);
        put(graceful, name, protection, ConditionType.TerminationsGraceful);
      }
    }
    return new Tally(matched, programmed, graceful, overriddenBy);
  }

  @Override
  public ErrorStatusUpdateControl<GracefulPolicy> updateErrorStatus(
      GracefulPolicy policy, Context<GracefulPolicy> context, Exception e) {
    return StatusUpdate.afterFailure(policy, e);
  }

  /** Asked once a generation; an answer stands until the policy is edited. */
  private @Nullable Boolean protectsNew(GracefulPolicy policy) {
    if (!atAdmission || policy.getSpec().applyOrDefault() != Apply.OnRollout) {
      return null;
    }
    GracefulPolicyStatus old = policy.getStatus();
    boolean current =
        old != null
            && Objects.equals(old.observedGeneration(), policy.getMetadata().getGeneration());
    Boolean known = current ? old.protectsNewDeployments() : null;
    return known == null ? Boolean.valueOf(newDeployments.wouldBeAccepted(policy)) : known;
  }

  private static void put(
      Map<String, Condition> into,
      String name,
      DeploymentProtection protection,
      ConditionType type) {
    Condition condition = Conditions.find(protection.getStatus().conditions(), type);
    if (condition != null) {
      into.put(name, condition);
    }
  }

  private static String uid(GracefulPolicy policy) {
    return policy.getMetadata().getUid();
  }
}
