package dev.graceful.reconcile;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.PodTemplates;
import dev.graceful.cluster.PodTemplates.Outdated;
import dev.graceful.cluster.PodTemplates.Refused;
import dev.graceful.cluster.PodTemplates.Written;
import dev.graceful.cluster.Protections;
import dev.graceful.cluster.ReportStore;
import dev.graceful.config.Settings;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.RevisionView;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.shape.Ledger;
import dev.graceful.shape.Selection;
import dev.graceful.shape.Shaper;
import dev.graceful.shape.Shaping;
import dev.graceful.shape.Wish;
import dev.graceful.status.Assessment;
import dev.graceful.status.Programming;
import dev.graceful.status.ProtectionStatus;
import dev.graceful.status.ProtectionStatus.RevisionReport;
import dev.graceful.status.Reports;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what was decided for one Deployment, and publishes what was seen of its terminations. */
@ControllerConfiguration(name = DeploymentProtectionReconciler.NAME)
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
// A rollout of a hundred pods is told in a few writes a second, not in hundreds.
@RateLimited(maxReconciliations = 4, within = 1)
public final class DeploymentProtectionReconciler implements Reconciler<DeploymentProtection> {

  static final String NAME = "deploymentprotection";

  /** A refused write is tried again after this: an admission policy or a quota may have changed. */
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

  private static final Duration AFTER_OUTDATED = Duration.ofSeconds(1);

  private final ClusterWatch watch;
  private final Wakeups wakeups;
  private final Terminations terminations;
  private final Protections protections;
  private final PodTemplates templates;
  private final ReportStore reports;
  private final EventPublisher events;
  private final Clock clock;

  DeploymentProtectionReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Settings settings,
      Clock clock) {
    this.watch = watch;
    this.wakeups = wakeups;
    this.terminations = watch.terminations();
    this.protections = new Protections(client);
    this.templates = new PodTemplates(client);
    this.reports = new ReportStore(client, terminations::knows);
    this.events = new EventPublisher(client, settings.instance());
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, DeploymentProtection>> prepareEventSources(
      EventSourceContext<DeploymentProtection> context) {
    return List.of(wakeups.protections());
  }

  @Override
  public UpdateControl<DeploymentProtection> reconcile(
      DeploymentProtection protection, Context<DeploymentProtection> context) {
    var metadata = protection.getMetadata();
    var ref = new WorkloadRef(metadata.getNamespace(), metadata.getName());
    DeploymentFacts deployment = watch.deployments().get(ref);
    if (deployment == null || deployment.deleting()) {
      terminations.release(ref);
      return UpdateControl.noUpdate();
    }
    GracefulPolicy policy =
        Selection.governing(deployment.labels(), watch.policiesOf(ref.namespace())).orElse(null);
    if (policy == null) {
      return notGoverned(protection, ref);
    }
    if (!policy.getMetadata().getUid().equals(protection.getSpec().policy().uid())) {
      wakeups.policy(policy);
      return UpdateControl.noUpdate();
    }
    Wish wish = Wish.of(policy.getSpec());
    terminations.govern(
        ref,
        new Terminations.Settings(
            wish.propagationSeconds(),
            policy.getSpec().verifyModeOrDefault() == VerifyMode.Connect));
    var ledger = new Ledger(protection.getSpec().decision(), protection.getSpec().before());
    Shaping shaping = Shaper.shape(wish, deployment, terminations.servingPorts(ref), ledger);
    Acted acted = act(shaping, deployment, ledger);
    List<RevisionReport> published = publish(deployment, acted.decision());
    return status(protection, acted, published);
  }

  /**
   * What was done about a shaping.
   *
   * @param decision what is to be in the template, now or later; null: nothing of ours
   */
  private record Acted(
      Assessment programmed, @Nullable Decision decision, @Nullable Duration again) {}

  private Acted act(Shaping shaping, DeploymentFacts deployment, Ledger ledger) {
    if (deployment.heldByUs()) {
      templates.letGo(deployment.ref());
    }
    return switch (shaping) {
      case Shaping.InPlace s -> new Acted(Programming.ofShaping(s), s.decision(), null);
      case Shaping.Leave s -> new Acted(Programming.ofShaping(s), null, null);
      case Shaping.Wait s -> new Acted(Programming.ofShaping(s), s.decision(), null);
      case Shaping.Write s -> {
        Before before = ledger.beforeWriting(deployment);
        if (!s.decision().equals(ledger.decision()) || !before.equals(ledger.before())) {
          protections.record(deployment.ref(), s.decision(), before);
        }
        yield switch (templates.write(deployment, s.decision())) {
          case Written w -> new Acted(Programming.ofShaping(s), s.decision(), null);
          case Outdated o -> new Acted(Programming.outdated(), s.decision(), AFTER_OUTDATED);
          case Refused r -> new Acted(Programming.refused(r.answer()), null, AFTER_REFUSAL);
        };
      }
    };
  }

  private List<RevisionReport> publish(DeploymentFacts deployment, @Nullable Decision decision) {
    List<RevisionReport> published = new ArrayList<>();
    for (RevisionView view : terminations.revisions(deployment.ref())) {
      TerminationReport report = reports.get(view.facts());
      TerminationReportStatus old =
          report == null || report.getStatus() == null ? Reports.EMPTY : report.getStatus();
      List<Timeline> concluded = new ArrayList<>(view.concluded());
      if (!view.publishedBefore()) {
        concluded.addAll(
            Reports.missed(
                deployment.ref().namespace(), old, view.watchedPods(), view.concluded()));
      }
      if (report == null && view.watchedPods().isEmpty() && concluded.isEmpty()) {
        continue;
      }
      TerminationReportStatus next =
          Reports.next(
              old,
              view.watchedPods(),
              view.terminating(),
              concluded,
              Reports.isBeforeProtection(view.facts(), decision),
              report == null ? null : report.getMetadata().getGeneration(),
              clock.instant());
      if (!next.equals(old)) {
        write(view, old, next, concluded);
        announce(deployment, old, next);
      }
      terminations.published(view.facts().uid(), concluded);
      published.add(new RevisionReport(view.facts().name(), view.facts().revision(), next));
    }
    return published;
  }

  private void write(
      RevisionView view,
      TerminationReportStatus old,
      TerminationReportStatus next,
      List<Timeline> concluded) {
    try {
      reports.write(view.facts(), next);
    } catch (KubernetesClientException e) {
      TerminationReport fresh = reports.get(view.facts());
      if (fresh != null && fresh.getStatus() != null) {
        terminations.drop(
            view.facts().uid(), Reports.alreadyCounted(old, fresh.getStatus(), concluded));
      }
      throw e;
    }
  }

  private void announce(
      DeploymentFacts deployment, TerminationReportStatus old, TerminationReportStatus next) {
    Condition before = Reports.graceful(old);
    Condition now = Reports.graceful(next);
    boolean was = before != null && before.status() == Condition.Status.False;
    if (now != null && now.status() == Condition.Status.False && !was) {
      events.violated(deployment, now.reason(), now.message(), clock.instant());
    }
  }

  private UpdateControl<DeploymentProtection> notGoverned(
      DeploymentProtection protection, WorkloadRef ref) {
    terminations.release(ref);
    if (protection.getSpec().decision() == null) {
      protections.delete(protection);
      return UpdateControl.noUpdate();
    }
    return status(protection, new Acted(Programming.notGoverned(), null, null), List.of());
  }

  private UpdateControl<DeploymentProtection> status(
      DeploymentProtection protection, Acted acted, List<RevisionReport> published) {
    DeploymentProtectionStatus next =
        ProtectionStatus.next(
            protection.getStatus(),
            acted.programmed(),
            published,
            protection.getMetadata().getGeneration(),
            clock.instant());
    UpdateControl<DeploymentProtection> control;
    if (next.equals(protection.getStatus())) {
      control = UpdateControl.noUpdate();
    } else {
      var patch = new DeploymentProtection();
      patch.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(protection.getMetadata().getNamespace())
              .withName(protection.getMetadata().getName())
              .build());
      patch.setStatus(next);
      control = UpdateControl.patchStatus(patch);
    }
    if (acted.again() != null) {
      control.rescheduleAfter(acted.again());
    }
    return control;
  }
}
