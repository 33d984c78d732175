package dev.graceful.controller;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.ReportStore;
import dev.graceful.config.Settings;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Judge;
import dev.graceful.report.PodTimes;
import dev.graceful.report.ProtectionStatus;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import dev.graceful.rollout.Step.End;
import dev.graceful.telemetry.Metrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Publishes what was seen of one Deployment's terminations, and writes what was decided for it. */
@ControllerConfiguration(
    name = DeploymentProtectionReconciler.NAME,
    informer = @Informer(itemStore = OwnObjects.class, informerListLimit = 500),
    // None: what changes wakes it. Each reconciliation would leave a timer task behind for so long.
    maxReconciliationInterval = @MaxReconciliationInterval(interval = 0))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
// The operator reports a rollout of a hundred pods in a few writes a second, not in hundreds.
@RateLimited(maxReconciliations = 2, within = 400, unit = TimeUnit.MILLISECONDS)
public final class DeploymentProtectionReconciler implements Reconciler<DeploymentProtection> {

  static final String NAME = "deploymentprotection";

  private final ClusterWatch watch;
  private final Wakeups wakeups;
  private final Workloads workloads;
  private final Ports ports;
  private final ReadinessTrials trials;
  private final Publisher publisher;
  private final Applier applier;
  private final Clock clock;

  @Inject
  DeploymentProtectionReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.application.version") String version,
      Settings settings,
      Metrics metrics,
      Clock clock) {
    this(watch, wakeups, client, Ports.of(client, watch, vertx, version), settings, metrics, clock);
  }

  /** With other ports. */
  DeploymentProtectionReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Ports ports,
      Settings settings,
      Metrics metrics,
      Clock clock) {
    this.watch = watch;
    this.wakeups = wakeups;
    this.workloads = new Workloads(settings.apply(), wakeups::protection);
    this.ports = ports;
    this.trials =
        new ReadinessTrials(workloads, ports.readyAddress(), ports.asker(), wakeups::protection);
    this.publisher =
        new Publisher(
            watch.evidence(),
            watch::exposure,
            new ReportStore(client, ref -> watch.deployments().get(ref) != null),
            new EventPublisher(client, settings.instance()),
            metrics,
            Judge::judge,
            MonotonicClock::now,
            clock);
    this.applier =
        new Applier(
            workloads,
            ports.ledgers(),
            ports.templates(),
            watch.deployments()::noted,
            System::nanoTime);
    this.clock = clock;
    wakeups.onGone(this::forget);
  }

  @Override
  public List<EventSource<?, DeploymentProtection>> prepareEventSources(
      EventSourceContext<DeploymentProtection> context) {
    watch.protections(OwnObjects.of(context));
    return List.of(wakeups.protections());
  }

  @Override
  public UpdateControl<DeploymentProtection> reconcile(
      DeploymentProtection protection, Context<DeploymentProtection> context) {
    if (!wakeups.policies().isRunning()) {
      // Not all policies are listed yet. With leader election they are: it begins after all lists.
      return UpdateControl.<DeploymentProtection>noUpdate().rescheduleAfter(Duration.ofSeconds(1));
    }
    WorkloadRef ref = Situation.ref(protection);
    Memory memory = workloads.update(ref, known -> known.seeing(protection));
    return switch (Situation.of(protection, memory, watch, clock.instant())) {
      case Situation.Governed now -> protect(now, protection, context);
      case Situation.Ungoverned now -> giveBack(now, protection, context);
      case Situation.OfOtherPolicy now -> handOver(ref, now);
      case Situation.OfEarlierDeployment now -> UpdateControl.noUpdate();
      case Situation.Gone now -> forget(ref);
    };
  }

  @Override
  public ErrorStatusUpdateControl<DeploymentProtection> updateErrorStatus(
      DeploymentProtection protection, Context<DeploymentProtection> context, Exception e) {
    return StatusUpdate.afterFailure(protection, e);
  }

  /** Verdicts are published first: they do not wait until the API server takes a decision. */
  private UpdateControl<DeploymentProtection> protect(
      Situation.Governed now,
      DeploymentProtection protection,
      Context<DeploymentProtection> context) {
    WorkloadRef ref = now.deployment().ref();
    workloads.update(ref, Memory::governed);
    govern(ref, now.rules());
    var trial = now.trial();
    var answered =
        trial == null
            ? null
            : trials.ask(ref, trial.check(), now.deployment().template(), System.nanoTime());
    boolean trying = trial != null && answered == null;
    var shaping = trying ? null : now.shaping(answered == null ? null : answered.answer());
    var state =
        applier.start(now.aim(shaping, watch.ownerIsRolling(ref), workloads.isRolling(ref)));
    var published = publisher.publish(now.deployment(), now.policy(), state.decision());
    var reports = published.reports();
    End end = applier.advance(state, context.getPrimaryCache()::list);
    return StatusUpdate.of(
        protection,
        shown(protection),
        ProtectionStatus.recommending(
            status(protection, end, reports),
            reports,
            watch.exposure(ref),
            PodTimes.of(now.deployment(), now.pods().ports().all(), now.wish(), state.decision())),
        new DeploymentProtection(),
        end.again(),
        published.again(),
        answered == null ? null : answered.again());
  }

  private UpdateControl<DeploymentProtection> giveBack(
      Situation.Ungoverned now,
      DeploymentProtection protection,
      Context<DeploymentProtection> context) {
    WorkloadRef ref = now.deployment().ref();
    govern(ref, null);
    Memory memory = workloads.update(ref, known -> known.ungoverned(System.nanoTime()));
    var aim =
        now.aim(watch.ownerIsRolling(ref), workloads.isRolling(ref), memory.ungovernedSinceNanos());
    if (aim == null) {
      var forgotten = forget(ref);
      ports.ledgers().delete(protection);
      return forgotten;
    }
    End end = applier.advance(applier.start(aim), context.getPrimaryCache()::list);
    return StatusUpdate.of(
        protection,
        shown(protection),
        status(protection, end, null),
        new DeploymentProtection(),
        end.again());
  }

  /** The reconciler of policies writes which policy governs a Deployment. */
  private UpdateControl<DeploymentProtection> handOver(
      WorkloadRef ref, Situation.OfOtherPolicy now) {
    workloads.update(ref, Memory::governed);
    wakeups.policy(now.policy());
    return UpdateControl.noUpdate();
  }

  private UpdateControl<DeploymentProtection> forget(WorkloadRef ref) {
    govern(ref, null);
    workloads.forget(ref);
    return UpdateControl.noUpdate();
  }

  private void govern(WorkloadRef ref, @Nullable ProbeRules rules) {
    watch.evidence().tell(new Event.Governed(MonotonicClock.now(), ref, rules));
  }

  /** What this reconciler patches: a patch with the journal in it would undo a newer one. */
  private static @Nullable DeploymentProtectionStatus shown(DeploymentProtection protection) {
    var status = protection.getStatus();
    return status == null ? null : status.withoutJournal();
  }

  private DeploymentProtectionStatus status(
      DeploymentProtection protection, End end, @Nullable List<RevisionReport> reports) {
    return ProtectionStatus.next(
        protection.getStatus(),
        end.programmed(),
        reports,
        protection.getMetadata().getGeneration(),
        clock.instant());
  }
}
