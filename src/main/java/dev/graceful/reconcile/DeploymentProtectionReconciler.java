package dev.graceful.reconcile;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.cluster.Departure;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.PodTemplates;
import dev.graceful.cluster.Protections;
import dev.graceful.cluster.ReportStore;
import dev.graceful.cluster.Templates;
import dev.graceful.config.Settings;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.judge.Judge;
import dev.graceful.observe.Asking;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.Deployments.TemplateChange;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.probe.ReadinessKnock;
import dev.graceful.reconcile.Programmer.Acted;
import dev.graceful.reconcile.Programmer.Subject;
import dev.graceful.reconcile.Trials.Answered;
import dev.graceful.shape.Contest;
import dev.graceful.shape.Ledger;
import dev.graceful.shape.Readiness.Trial;
import dev.graceful.shape.Selection;
import dev.graceful.shape.Shaping;
import dev.graceful.shape.Wish;
import dev.graceful.shape.rule.Planner;
import dev.graceful.status.Assessment;
import dev.graceful.status.Programming;
import dev.graceful.status.ProtectionStatus;
import dev.graceful.status.ProtectionStatus.RevisionReport;
import dev.graceful.telemetry.Metrics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Writes what was decided for one Deployment, and publishes what was seen of its terminations. */
@ControllerConfiguration(
    name = DeploymentProtectionReconciler.NAME,
    informer = @Informer(itemStore = WithoutManagedFields.class, informerListLimit = 500),
    // Each reconciliation leaves a timer task behind for so long: not for the ten hours of the
    // default.
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
// A rollout of a hundred pods is told in a few writes a second, not in hundreds.
@RateLimited(maxReconciliations = 2, within = 400, unit = TimeUnit.MILLISECONDS)
public final class DeploymentProtectionReconciler implements Reconciler<DeploymentProtection> {

  static final String NAME = "deploymentprotection";

  /** A policy that is deleted and made anew, as GitOps tools do, changes nothing. */
  private static final Duration POLICY_MAY_COME_BACK = Duration.ofSeconds(60);

  private final ClusterWatch watch;
  private final Wakeups wakeups;
  private final EvidenceLoop evidence;
  private final Ledgers ledgers;
  private final Programmer programmer;
  private final Backoff backoff;
  private final Trials trials;
  private final Map<WorkloadRef, Long> ungovernedSince = new ConcurrentHashMap<>();
  private final Publisher publisher;
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
    this(
        watch,
        wakeups,
        client,
        new Protections(client),
        new PodTemplates(client),
        new Trials(
            ref -> watch.evidence().ask(o -> o.workload(ref).readyAddress()).orElse(null),
            new ReadinessKnock(vertx, version)::ask,
            wakeups::protection),
        settings,
        metrics,
        clock);
  }

  /** With other ledgers, templates and trials. */
  DeploymentProtectionReconciler(
      ClusterWatch watch,
      Wakeups wakeups,
      KubernetesClient client,
      Ledgers ledgers,
      Templates templates,
      Trials trials,
      Settings settings,
      Metrics metrics,
      Clock clock) {
    this.watch = watch;
    this.wakeups = wakeups;
    this.evidence = watch.evidence();
    this.ledgers = ledgers;
    this.programmer =
        new Programmer(
            watch::ownerIsRolling,
            ledgers,
            templates,
            new Turns(settings.apply().mostAtOnce(), wakeups::protection),
            new AdmissionPlaces(
                settings.apply().atAdmission() ? settings.apply().mostAtAdmission() : 0),
            System::nanoTime);
    this.backoff = new Backoff(System::nanoTime);
    this.trials = trials;
    this.publisher =
        new Publisher(
            evidence,
            watch::exposure,
            new ReportStore(client, ref -> evidence.ask(o -> o.knows(ref))),
            new EventPublisher(client, settings.instance()),
            metrics,
            Judge::judge,
            clock);
    this.clock = clock;
    wakeups.onGone(this::forget);
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
      forget(ref);
      return UpdateControl.noUpdate();
    }
    if (metadata.getOwnerReferences().stream()
        .noneMatch(o -> deployment.uid().equals(o.getUid()))) {
      // Of an earlier Deployment of this name: it is about to be collected, and made anew.
      return UpdateControl.noUpdate();
    }
    GracefulPolicy policy =
        Selection.governing(deployment.labels(), watch.policiesOf(ref.namespace())).orElse(null);
    if (policy == null) {
      return notGoverned(protection, deployment, context);
    }
    ungovernedSince.remove(ref);
    if (!policy.getMetadata().getUid().equals(protection.getSpec().policy().uid())) {
      wakeups.policy(policy);
      return UpdateControl.noUpdate();
    }
    Wish wish = Wish.of(policy.getSpec());
    evidence.tell(
        new Event.Governed(
            MonotonicClock.now(),
            ref,
            new ProbeRules(wish.propagationSeconds(), Asking.Wish.of(policy.getSpec().verify()))));
    DeploymentProtectionSpec known = programmer.recorded(ref, protection);
    Ledger ledger = Ledger.of(known).orAtCreation(wish, deployment);
    List<TemplateChange> changes = watch.deployments().changes(ref);
    Contest contest =
        Contest.of(
            known,
            policy.getMetadata().getGeneration(),
            changes,
            ledger,
            // Seldom asked for: most reconciliations follow no change of the template.
            changes.isEmpty() ? Set.of() : evidence.ask(o -> o.workload(ref).templates()),
            clock.instant());
    Set<Integer> ports = evidence.ask(o -> o.workload(ref).servingPorts());
    Trial trial = Planner.trial(wish, deployment, ports, ledger);
    Answered answered =
        trial == null
            ? null
            : trials.ask(ref, trial.check(), deployment.template(), System.nanoTime());
    // Null as long as the policy's readiness probe is being tried.
    Shaping shaping =
        trial != null && answered == null
            ? null
            : contest.isGivenUp()
                ? Planner.contested(wish, deployment, ledger)
                : Planner.shape(
                    wish, deployment, ports, ledger, answered == null ? null : answered.answer());
    var subject =
        new Subject(deployment, known, ledger, wish.apply(), context.getPrimaryCache()::list);
    Decision decision = shaping == null ? ledger.decision() : programmer.decision(shaping, subject);
    // First what was seen: it does not wait until the API server takes what is decided.
    List<RevisionReport> published = publisher.publish(deployment, policy, decision);
    Acted acted =
        backoff.attempt(
            ref,
            () -> {
              DeploymentProtectionSpec noted = programmer.note(ref, known, contest);
              watch.deployments().noted(ref, changes);
              return shaping == null
                  ? new Acted(Programming.trying(), null)
                  : programmer.act(shaping, subject.as(noted));
            });
    Duration again = sooner(acted.again(), answered == null ? null : answered.again());
    return status(protection, acted.programmed(), again, published);
  }

  @Override
  public ErrorStatusUpdateControl<DeploymentProtection> updateErrorStatus(
      DeploymentProtection protection, Context<DeploymentProtection> context, Exception e) {
    return e instanceof KubernetesClientException refusal
            && Departure.isReasonOf(refusal, protection)
        ? ErrorStatusUpdateControl.<DeploymentProtection>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  private static @Nullable Duration sooner(@Nullable Duration a, @Nullable Duration b) {
    return a == null ? b : b == null || a.compareTo(b) < 0 ? a : b;
  }

  private void forget(WorkloadRef ref) {
    release(ref);
    ungovernedSince.remove(ref);
    programmer.forget(ref);
    backoff.forget(ref);
  }

  private void release(WorkloadRef ref) {
    evidence.tell(new Event.Governed(MonotonicClock.now(), ref, null));
    trials.forget(ref);
  }

  private UpdateControl<DeploymentProtection> notGoverned(
      DeploymentProtection protection,
      DeploymentFacts deployment,
      Context<DeploymentProtection> context) {
    WorkloadRef ref = deployment.ref();
    release(ref);
    DeploymentProtectionSpec recorded = programmer.recorded(ref, protection);
    Ledger ledger = Ledger.of(recorded);
    Apply apply = recorded.apply();
    Shaping shaping = Planner.giveBack(deployment, ledger);
    if (apply == null || apply == Apply.Never) {
      return released(protection, ref);
    }
    var subject = new Subject(deployment, recorded, ledger, apply, context.getPrimaryCache()::list);
    if (shaping instanceof Shaping.InPlace && !subject.isRolledByUs()) {
      return released(protection, ref);
    }
    long now = System.nanoTime();
    long since = ungovernedSince.computeIfAbsent(ref, r -> now);
    Duration left = POLICY_MAY_COME_BACK.minusNanos(now - since);
    if (shaping instanceof Shaping.Pending && apply == Apply.Immediately && left.isPositive()) {
      programmer.keepTurn(subject);
      return status(
          protection, Programming.ungoverned(POLICY_MAY_COME_BACK.toSeconds()), left, null);
    }
    Acted acted =
        backoff.attempt(
            ref,
            () ->
                programmer.act(shaping, subject.as(programmer.note(ref, recorded, Contest.NONE))));
    return status(protection, acted.programmed(), acted.again(), null);
  }

  private UpdateControl<DeploymentProtection> released(
      DeploymentProtection protection, WorkloadRef ref) {
    forget(ref);
    ledgers.delete(protection);
    return UpdateControl.noUpdate();
  }

  private UpdateControl<DeploymentProtection> status(
      DeploymentProtection protection,
      Assessment programmed,
      @Nullable Duration again,
      @Nullable List<RevisionReport> published) {
    DeploymentProtectionStatus next =
        ProtectionStatus.next(
            protection.getStatus(),
            programmed,
            published,
            protection.getMetadata().getGeneration(),
            clock.instant());
    if (published != null) {
      next =
          ProtectionStatus.recommending(
              next,
              published,
              watch.exposure(
                  new WorkloadRef(
                      protection.getMetadata().getNamespace(),
                      protection.getMetadata().getName())));
    }
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
    if (again != null) {
      control.rescheduleAfter(again);
    }
    return control;
  }
}
