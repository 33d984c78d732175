package dev.graceful.reconcile;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.config.Settings;
import dev.graceful.observe.Backend;
import dev.graceful.observe.BackendFacts;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.Deployments;
import dev.graceful.observe.Exposure;
import dev.graceful.observe.Exposures;
import dev.graceful.observe.PodFacts;
import dev.graceful.observe.RevisionFacts;
import dev.graceful.observe.RevisionRef;
import dev.graceful.observe.RouteFacts;
import dev.graceful.observe.SliceFacts;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.Target;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.probe.Probe;
import dev.graceful.probe.ProbeLoad;
import dev.graceful.telemetry.Metrics;
import dev.graceful.telemetry.PolicyName;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the cluster for all reconcilers: one watch a kind. What is seen is written down in the
 * callbacks, at the moment of its receipt, as reconciling coalesces; of the objects themselves the
 * informers keep the names only.
 */
@Singleton
public final class ClusterWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

  /** What the kubelet calls it. */
  private static final String HOOK_FAILED = "FailedPreStopHook";

  /** So many objects are listed at a time: ten thousand pods at once would fill the heap. */
  private static final long PAGE = 500;

  private static final ResourceDefinitionContext HTTP_ROUTE =
      new ResourceDefinitionContext.Builder()
          .withGroup("gateway.networking.k8s.io")
          .withVersion("v1")
          .withKind("HTTPRoute")
          .withPlural("httproutes")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final Wakeups wakeups;
  private final Metrics metrics;
  private final Deployments deployments = new Deployments();
  private final Map<String, Map<String, GracefulPolicy>> policies = new ConcurrentHashMap<>();
  private final Map<String, Long> policiesChangedNanos = new ConcurrentHashMap<>();
  private final long startNanos = System.nanoTime();
  private final Terminations terminations;
  private final Probe probe;
  private final Exposures exposures = new Exposures();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /** Of what no verdict rests on. */
  private final List<SharedIndexInformer<?>> bystanders = new ArrayList<>();

  private final Vigil vigil;
  private volatile boolean stopping;

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
    this.terminations = new Terminations(new Follow(), settings.probe().mostAtOnce());
    this.probe =
        new Probe(terminations, System::nanoTime, version, settings.probe().requestsPerPod());
    this.vigil = new Vigil(informers, terminations);
    ProbeLoad load = probe.load();
    metrics.probe(
        Arrays.stream(ProbeLoad.Client.values())
            .collect(Collectors.toMap(ProbeLoad.Client::name, asker -> () -> load.sent(asker))),
        terminations::probedNow);
  }

  Deployments deployments() {
    return deployments;
  }

  Terminations terminations() {
    return terminations;
  }

  Collection<GracefulPolicy> policiesOf(String namespace) {
    return policies.getOrDefault(namespace, Map.of()).values();
  }

  /** How clients reach the pods of a workload, as far as is known. */
  Exposure exposure(WorkloadRef ref) {
    return exposures.of(ref.namespace(), terminations.services(ref));
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
    start(
        client.resources(GracefulPolicy.class).inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        GracefulPolicy::new,
        this::policy,
        (policy, unseen) -> policyGone(policy));
    start(
        client.apps().deployments().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        Deployment::new,
        this::deployment,
        (deployment, unseen) -> deploymentGone(deployment));
    start(
        client.apps().replicaSets().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        ReplicaSet::new,
        set -> terminations.replicaSet(RevisionFacts.from(set)),
        (set, unseen) ->
            terminations.replicaSetGone(
                new RevisionRef(set.getMetadata().getNamespace(), set.getMetadata().getUid())));
    start(
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0),
        EndpointSlice::new,
        slice -> terminations.slice(SliceFacts.from(slice), System.nanoTime()),
        (slice, unseen) ->
            terminations.sliceGone(
                slice.getMetadata().getNamespace(),
                slice.getMetadata().getName(),
                System.nanoTime()));
    start(
        client.pods().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        Pod::new,
        pod -> terminations.pod(PodFacts.from(pod), System.nanoTime()),
        (pod, unseen) -> terminations.podGone(PodFacts.from(pod), unseen, System.nanoTime()));
    start(
        client
            .v1()
            .events()
            .inAnyNamespace()
            .withField("reason", HOOK_FAILED)
            .withLimit(PAGE)
            .runnableInformer(0),
        Event::new,
        this::hookFailed,
        (said, unseen) -> {});
    watchExposures();
    live = true;
    vigil.start();
  }

  /** Before the operator stops: from here on, that a watch ends is no failure. */
  void onStop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
    stopping = true;
    vigil.close();
    probe.close();
    informers.forEach(SharedIndexInformer::stop);
    bystanders.forEach(SharedIndexInformer::stop);
  }

  /** Whether every watch is open at this moment. */
  boolean isWatching() {
    return !informers.isEmpty() && informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  private void watchExposures() {
    start(
        bystanders,
        client.services().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        Service::new,
        service -> {
          BackendFacts facts = BackendFacts.from(service);
          if (exposures.backend(facts)) {
            exposed(Set.of(facts.name().namespace()));
          }
        },
        (service, unseen) -> {
          var metadata = service.getMetadata();
          exposures.backendGone(new Backend(metadata.getNamespace(), metadata.getName()));
          exposed(Set.of(metadata.getNamespace()));
        });
    start(
        bystanders,
        client.network().v1().ingresses().inAnyNamespace().withLimit(PAGE).runnableInformer(0),
        Ingress::new,
        ingress -> exposed(exposures.route(RouteFacts.from(ingress))),
        (ingress, unseen) -> exposed(exposures.routeGone(RouteFacts.from(ingress))));
    if (!isServed(HTTP_ROUTE)) {
      return;
    }
    start(
        bystanders,
        client
            .genericKubernetesResources(HTTP_ROUTE)
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0),
        GenericKubernetesResource::new,
        route -> exposed(exposures.route(RouteFacts.fromHttpRoute(route))),
        (route, unseen) -> exposed(exposures.routeGone(RouteFacts.fromHttpRoute(route))));
  }

  /** Asked once: a Gateway API that comes later is seen with the next start. */
  private boolean isServed(ResourceDefinitionContext kind) {
    APIResourceList served = client.getApiResources(kind.getGroup() + "/" + kind.getVersion());
    return served != null
        && served.getResources().stream().anyMatch(r -> kind.getKind().equals(r.getKind()));
  }

  /** How the Deployments of these namespaces are reached may have changed. */
  private void exposed(Set<String> namespaces) {
    for (String namespace : namespaces) {
      if (live && !policiesOf(namespace).isEmpty()) {
        deployments.in(namespace).forEach(deployment -> wakeups.protection(deployment.ref()));
      }
    }
  }

  private <T extends HasMetadata> void start(
      SharedIndexInformer<T> informer,
      Supplier<T> empty,
      Consumer<T> seen,
      BiConsumer<T, Boolean> gone) {
    start(informers, informer, empty, seen, gone);
  }

  private <T extends HasMetadata> void start(
      List<SharedIndexInformer<?>> among,
      SharedIndexInformer<T> informer,
      Supplier<T> empty,
      Consumer<T> seen,
      BiConsumer<T, Boolean> gone) {
    informer.itemStore(new NamesOnly<>(empty));
    // Nobody asks for the objects of a namespace.
    informer.removeNamespaceIndex();
    informer.exceptionHandler((started, failure) -> started);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            seen.accept(object);
          }

          @Override
          public void onUpdate(T before, T object) {
            if (!before.getMetadata().getUid().equals(object.getMetadata().getUid())) {
              // Deleted and made anew while the watch was down.
              gone.accept(before, true);
            }
            seen.accept(object);
          }

          @Override
          public void onDelete(T object, boolean unseen) {
            gone.accept(object, unseen);
          }
        });
    among.add(informer);
    CompletableFuture<Void> started = informer.start().toCompletableFuture();
    informer
        .stopped()
        .whenComplete(
            (nothing, failure) -> {
              if (!stopping) {
                LOG.error("A watch has stopped for good: ending, to be started again", failure);
                Quarkus.asyncExit(1);
              }
            });
    started.join();
  }

  private void hookFailed(Event event) {
    var pod = event.getInvolvedObject();
    if (pod != null && pod.getUid() != null) {
      terminations.hookFailed(event.getMetadata().getNamespace(), pod.getUid(), System.nanoTime());
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
    if (live) {
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
    terminations.release(ref);
    wakeups.gone(ref);
    policiesOf(ref.namespace()).forEach(wakeups::policy);
  }

  private final class Follow implements Terminations.Listener {
    @Override
    public void changed(WorkloadRef workload) {
      // Most pods of a cluster are nobody's concern here.
      if (!policiesOf(workload.namespace()).isEmpty()) {
        wakeups.protection(workload);
      }
    }

    @Override
    public void readyToMeet(Target target) {
      probe.meet(target);
    }

    @Override
    public void started(Target target) {
      probe.follow(target);
    }
  }
}
