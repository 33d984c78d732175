package dev.graceful.controller;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.config.Settings;
import dev.graceful.evidence.Effect;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.Observatory;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposures;
import dev.graceful.facts.PodAddress;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.probe.Probe;
import dev.graceful.probe.ProbeLoad;
import dev.graceful.telemetry.Metrics;
import dev.graceful.telemetry.PolicyName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Watches the cluster for all reconcilers: one watch a kind. What is seen is written down in the
 * callbacks, at the moment of its receipt, as reconciling coalesces; of the objects themselves the
 * informers keep the names only. The operator's own kinds are watched by their controllers, which
 * keep the objects.
 */
@Singleton
public final class ClusterWatch {

  /** What the kubelet calls it. */
  private static final String HOOK_FAILED = "FailedPreStopHook";

  private final KubernetesClient client;
  private final Wakeups wakeups;
  private final Metrics metrics;
  private final Deployments deployments = new Deployments();
  private final Map<String, Map<String, GracefulPolicy>> policies = new ConcurrentHashMap<>();
  private volatile OwnObjects<DeploymentProtection> protections = new OwnObjects<>();
  private final Map<String, Long> policiesChangedNanos = new ConcurrentHashMap<>();
  private final long startNanos = System.nanoTime();
  private final EvidenceLoop evidence;
  private final Probe probe;
  private final Exposures exposures = new Exposures();
  private final Watches watches = new Watches();
  private final SightMonitor sight;

  /** Whether the first lists are over. */
  private volatile boolean live;

  ClusterWatch(
      KubernetesClient client,
      Wakeups wakeups,
      Settings settings,
      Metrics metrics,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.client = client;
    this.wakeups = wakeups;
    this.metrics = metrics;
    this.evidence =
        new EvidenceLoop(
            new Observatory(settings.probe().mostAtOnce(), PodAddress::mayBe), this::run);
    this.probe =
        new Probe(evidence::tell, System::nanoTime, version, settings.probe().requestsPerPod());
    this.sight = new SightMonitor(watches::areOpen, evidence::tell);
    evidence.start();
    ProbeLoad load = probe.load();
    metrics.probe(
        Arrays.stream(ProbeLoad.Client.values())
            .collect(Collectors.toMap(ProbeLoad.Client::name, asker -> () -> load.sent(asker))),
        () -> evidence.ask(Observatory::probedNow));
  }

  Deployments deployments() {
    return deployments;
  }

  EvidenceLoop evidence() {
    return evidence;
  }

  /** Follows the policies, which their controller's informer keeps. */
  void policies(OwnObjects<GracefulPolicy> own) {
    own.onChange(this::policy, this::policyGone);
  }

  /** Follows the protections, which their controller's informer keeps. */
  void protections(OwnObjects<DeploymentProtection> own) {
    protections = own;
    own.onChange(wakeups::policyOf, wakeups::policyOf);
  }

  /** The protection of a Deployment; null: none is known. */
  @Nullable DeploymentProtection protection(WorkloadRef ref) {
    return protections.get(Cache.namespaceKeyFunc(ref.namespace(), ref.name()));
  }

  Collection<GracefulPolicy> policiesOf(String namespace) {
    return policies.getOrDefault(namespace, Map.of()).values();
  }

  /** How clients reach the pods of a workload, as far as is known. */
  Exposure exposure(WorkloadRef ref) {
    return exposures.of(ref.namespace(), evidence.ask(o -> o.workload(ref).services()));
  }

  /**
   * Whether an owner's rollout is under way that began under the policies of now: an older one was
   * not to be changed when it began.
   */
  boolean ownerIsRolling(WorkloadRef ref) {
    return deployments.ownerIsRolling(
        ref, policiesChangedNanos.getOrDefault(ref.namespace(), startNanos), System.nanoTime());
  }

  /** Before the operator starts: a reconciler must not decide on what has not been listed yet. */
  void onStart(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event) {
    // In this order, as each kind is understood by the ones before it.
    watches.open(
        client.apps().deployments().inAnyNamespace(),
        Deployment::new,
        (at, deployment) -> deployment(deployment),
        (at, deployment, missed) -> deploymentGone(deployment));
    new ExposureWatch(client, watches, exposures, evidence::tell, this::exposed).open();
    watchEvidence();
    // All that was listed is recorded.
    evidence.ask(Observatory::probedNow);
    live = true;
    sight.start();
  }

  private void watchEvidence() {
    watches.open(
        client.apps().replicaSets().inAnyNamespace(),
        ReplicaSet::new,
        (at, set) -> evidence.tell(new Event.RevisionSeen(at, RevisionFacts.from(set))),
        (at, set, missed) ->
            evidence.tell(
                new Event.RevisionGone(
                    at,
                    new RevisionRef(
                        set.getMetadata().getNamespace(), set.getMetadata().getUid()))));
    watches.open(
        client.discovery().v1().endpointSlices().inAnyNamespace(),
        EndpointSlice::new,
        (at, slice) -> evidence.tell(new Event.SliceSeen(at, SliceFacts.from(slice))),
        (at, slice, missed) ->
            evidence.tell(
                new Event.SliceGone(
                    at, slice.getMetadata().getNamespace(), slice.getMetadata().getName())));
    watches.open(
        client.pods().inAnyNamespace(),
        Pod::new,
        (at, pod) -> evidence.tell(new Event.PodSeen(at, PodFacts.from(pod))),
        (at, pod, missed) -> evidence.tell(new Event.PodGone(at, PodFacts.from(pod), missed)));
    watches.open(
        client.v1().events().inAnyNamespace().withField("reason", HOOK_FAILED),
        io.fabric8.kubernetes.api.model.Event::new,
        this::hookFailed,
        (at, event, missed) -> {});
  }

  /** Before the operator stops: from here on, that a watch ends is no failure. */
  void onStop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
    sight.close();
    probe.close();
    watches.close();
  }

  /** Whether every watch that a verdict rests on is open at this moment. */
  boolean isWatching() {
    return watches.areOpen();
  }

  /** How the Deployments of this namespace are reached may have changed. */
  private void exposed(String namespace) {
    if (live && !policiesOf(namespace).isEmpty()) {
      deployments.in(namespace).forEach(deployment -> wakeups.protection(deployment.ref()));
    }
  }

  private void hookFailed(Tick at, io.fabric8.kubernetes.api.model.Event event) {
    var pod = event.getInvolvedObject();
    if (pod != null && pod.getUid() != null) {
      String container = ContainerFacts.nameIn(pod.getFieldPath());
      String namespace = event.getMetadata().getNamespace();
      evidence.tell(new Event.HookFailed(at, namespace, pod.getUid(), container));
    }
  }

  private void policy(GracefulPolicy policy) {
    var metadata = policy.getMetadata();
    metrics.policy(new PolicyName(metadata.getNamespace(), metadata.getName()));
    GracefulPolicy before =
        policies
            .computeIfAbsent(metadata.getNamespace(), namespace -> new ConcurrentHashMap<>())
            .put(metadata.getName(), policy);
    if (before == null
        || !before.getMetadata().getUid().equals(metadata.getUid())
        || !Objects.equals(before.getMetadata().getGeneration(), metadata.getGeneration())) {
      wakeNamespace(metadata.getNamespace());
    }
  }

  private void policyGone(GracefulPolicy policy) {
    var metadata = policy.getMetadata();
    metrics.policyGone(new PolicyName(metadata.getNamespace(), metadata.getName()));
    Map<String, GracefulPolicy> others = policies.get(metadata.getNamespace());
    if (others != null) {
      others.remove(metadata.getName());
    }
    wakeNamespace(metadata.getNamespace());
  }

  private void wakeNamespace(String namespace) {
    // What the first list brings is no change.
    if (wakeups.policies().isRunning()) {
      policiesChangedNanos.put(namespace, System.nanoTime());
    }
    policiesOf(namespace).forEach(wakeups::policy);
    deployments.in(namespace).forEach(deployment -> wakeups.protection(deployment.ref()));
  }

  private void deployment(Deployment deployment) {
    DeploymentFacts now = DeploymentFacts.from(deployment);
    DeploymentFacts before = deployments.put(now, live, System.nanoTime());
    if (before != null && before.sameAs(now)) {
      return;
    }
    wakeups.protection(now.ref());
    if (before == null || !before.labels().equals(now.labels())) {
      policiesOf(now.ref().namespace()).forEach(wakeups::policy);
    }
  }

  private void deploymentGone(Deployment deployment) {
    var metadata = deployment.getMetadata();
    var ref = new WorkloadRef(metadata.getNamespace(), metadata.getName());
    deployments.remove(ref);
    evidence.tell(new Event.Governed(MonotonicClock.now(), ref, null));
    wakeups.gone(ref);
    policiesOf(ref.namespace()).forEach(wakeups::policy);
  }

  /** Runs what an event calls for. */
  private void run(Effect effect) {
    switch (effect) {
      case Effect.MeasureBaseline e -> probe.meet(e.target());
      case Effect.TryPorts e -> probe.tryPorts(e.target());
      case Effect.StartProbe e -> probe.follow(e.target(), e.course());
      case Effect.ProbeAdvanced e -> probe.advance(e.podUid(), e.course());
      case Effect.StopProbe e -> probe.leave(e.podUid());
      case Effect.Reconsider e -> {
        // Most pods of a cluster are of namespaces without a policy.
        if (!policiesOf(e.workload().namespace()).isEmpty()) {
          wakeups.protection(e.workload());
        }
      }
    }
  }
}
