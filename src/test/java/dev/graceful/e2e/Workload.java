package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The app under test: a Deployment behind a Service, as anybody would write them. */
final class Workload implements AutoCloseable {

  /** What differs from one Deployment to the other. */
  record Shape(Pattern pattern, int replicas, int minReadySeconds, String maxUnavailable) {

    /** Rolls as fast as the defaults of a Deployment allow. */
    static Shape of(Pattern pattern, int replicas) {
      return new Shape(pattern, replicas, 0, "25%");
    }
  }

  /** What a policy's selector asks for. */
  static final Map<String, String> LABELS = Map.of("tier", "web");

  static final String NAME = "web";
  private static final int PORT = 8080;
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private final KubernetesClient client;
  private final String namespace;
  private final PodCensus census;

  private Workload(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.census = PodCensus.of(client, namespace, NAME);
  }

  static Workload deploy(Cluster cluster, String namespace, Shape shape) {
    var workload = new Workload(cluster.client(), namespace);
    cluster.client().resource(service(namespace)).create();
    cluster.client().resource(deployment(namespace, shape)).create();
    return workload;
  }

  /** What its owner wrote, as {@code kubectl apply} brings it there. */
  static Workload deploy(Cluster cluster, String namespace, OwnersYaml yaml) {
    var workload = new Workload(cluster.client(), namespace);
    workload.app().kubectlWith(yaml.toString(), "apply", "-f", "-");
    return workload;
  }

  private static Service service(String namespace) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(NAME)
        .endMetadata()
        .withNewSpec()
        .addToSelector("app", NAME)
        .addNewPort()
        .withName("http")
        .withPort(80)
        .withTargetPort(new IntOrString("http"))
        .endPort()
        .endSpec()
        .build();
  }

  private static Deployment deployment(String namespace, Shape shape) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(NAME)
        .addToLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .withReplicas(shape.replicas())
        .withMinReadySeconds(shape.minReadySeconds())
        .withNewSelector()
        .addToMatchLabels("app", NAME)
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString("25%"))
        .withMaxUnavailable(
            shape.maxUnavailable().endsWith("%")
                ? new IntOrString(shape.maxUnavailable())
                : new IntOrString(Integer.parseInt(shape.maxUnavailable())))
        .endRollingUpdate()
        .endStrategy()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", NAME)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage(Cluster.image("graceful-e2e-server:1"))
        .withImagePullPolicy("IfNotPresent")
        .addNewEnv()
        .withName("APP_ID")
        .withValue(shape.pattern().appId())
        .endEnv()
        .addNewPort()
        .withName("http")
        .withContainerPort(PORT)
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/ready")
        .withPort(new IntOrString("http"))
        .endHttpGet()
        .withPeriodSeconds(1)
        .endReadinessProbe()
        .withNewResources()
        .addToRequests("cpu", new Quantity("10m"))
        .addToRequests("memory", new Quantity("32Mi"))
        .endResources()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  String namespace() {
    return namespace;
  }

  PodCensus census() {
    return census;
  }

  App app() {
    return new App(client, namespace, NAME);
  }

  /** The Service by its address: resolving its name is not what is tested. */
  String url() {
    return url(80);
  }

  /** As {@link #url()}, on this port of the Service. */
  String url(int port) {
    Service service =
        Objects.requireNonNull(client.services().inNamespace(namespace).withName(NAME).get());
    return "http://" + service.getSpec().getClusterIP() + ":" + port;
  }

  Deployment deployment() {
    return Objects.requireNonNull(
        client.apps().deployments().inNamespace(namespace).withName(NAME).get(),
        () -> "the Deployment " + NAME + " of " + namespace + " is gone");
  }

  /** Whether the pod template has a hook, which the app's author never wrote. */
  boolean hasPreStopSleep() {
    return deployment().getSpec().getTemplate().getSpec().getContainers().stream()
        .map(Container::getLifecycle)
        .anyMatch(lifecycle -> lifecycle != null && lifecycle.getPreStop() != null);
  }

  /** Name of the ReplicaSet of the newest revision; empty as long as there is none. */
  String currentReplicaSet() {
    return client.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
        .max(Comparator.comparingLong(Workload::revision))
        .map(set -> set.getMetadata().getName())
        .orElse("");
  }

  private static long revision(ReplicaSet set) {
    return Long.parseLong(set.getMetadata().getAnnotations().getOrDefault(REVISION, "0"));
  }

  /** No rollout under way, and no pod left that is ending. */
  void awaitSettled(Progress progress) {
    progress.until(namespace + " to settle", Progress.PATIENCE_WITH_ROLLOUTS, this::isSettled);
  }

  boolean isSettled() {
    return isRolledOut() && census.leftovers(currentReplicaSet()) == 0;
  }

  /** As {@code kubectl rollout status} sees it. */
  boolean isRolledOut() {
    Deployment deployment = deployment();
    int replicas = deployment.getSpec().getReplicas();
    var status = deployment.getStatus();
    return Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
            >= deployment.getMetadata().getGeneration()
        && Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) == replicas
        && Objects.requireNonNullElse(status.getReplicas(), 0) == replicas
        && Objects.requireNonNullElse(status.getAvailableReplicas(), 0) == replicas;
  }

  /** Starts a rollout as {@code kubectl rollout restart} does. */
  Rollout rollOut() {
    String oldReplicaSet = currentReplicaSet();
    Set<String> oldPods = census.present(oldReplicaSet);
    long startedNanos = System.nanoTime();
    patch(
        """
        {"spec":{"template":{"metadata":{"annotations":{
          "kubectl.kubernetes.io/restartedAt":"%s"}}}}}
        """
            .formatted(Instant.now()));
    return new Rollout(oldReplicaSet, oldPods, startedNanos);
  }

  /** Changes the Deployment by a strategic merge. */
  void patch(String patch) {
    client
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(NAME)
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
  }

  /** Starts a rollout to an app that ends in another way. */
  void release(Pattern pattern, int minReadySeconds) {
    patch(
        """
        {"spec":{"minReadySeconds":%d,"template":{"spec":{"containers":[
          {"name":"server","env":[{"name":"APP_ID","value":"%s"}]}]}}}}
        """
            .formatted(minReadySeconds, pattern.appId()));
  }

  /** How many of its pods are ready and not being ended. */
  long readyPods() {
    return client.pods().inNamespace(namespace).withLabel("app", NAME).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .flatMap(pod -> pod.getStatus().getConditions().stream())
        .filter(each -> "Ready".equals(each.getType()) && "True".equals(each.getStatus()))
        .count();
  }

  /** How many of its pods have a container that was started once at least. */
  long startedPods() {
    return client.pods().inNamespace(namespace).withLabel("app", NAME).list().getItems().stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .filter(each -> each.getContainerID() != null && !each.getContainerID().isEmpty())
        .count();
  }

  void scale(int replicas) {
    app().kubectl("scale", "deployment", NAME, "--replicas=" + replicas);
  }

  void evictOne() {
    if (!client.pods().inNamespace(namespace).withName(anyPod()).evict()) {
      throw new IllegalStateException("an eviction in " + namespace + " was refused");
    }
  }

  /** Evicts a pod with a grace period of the evictor's own. */
  void evictOneWithin(int graceSeconds) {
    String pod = anyPod();
    app()
        .kubectlWith(
            """
            {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"},
             "deleteOptions":{"gracePeriodSeconds":%d}}
            """
                .formatted(pod, namespace, graceSeconds),
            "create",
            "--raw",
            "/api/v1/namespaces/%s/pods/%s/eviction".formatted(namespace, pod),
            "-f",
            "-");
  }

  /** Drains the node of one pod, and of no other, with a grace period of the drain's own. */
  void drainOneWithin(int graceSeconds) {
    String pod = anyPod();
    String node = client.pods().inNamespace(namespace).withName(pod).get().getSpec().getNodeName();
    app().kubectl("label", "pod", pod, "drained=" + namespace);
    try {
      app()
          .kubectl(
              "drain",
              node,
              "--pod-selector=drained=" + namespace,
              "--grace-period=" + graceSeconds,
              "--timeout=2m");
    } finally {
      app().kubectl("uncordon", node);
    }
  }

  /**
   * Has one of its pods in a slice that nobody but the tests keeps, of a Service without a
   * selector.
   */
  StrayEndpoint straysIntoSlice() {
    Pod pod = Objects.requireNonNull(client.pods().inNamespace(namespace).withName(anyPod()).get());
    return StrayEndpoint.of(app(), pod);
  }

  /** Deletes a pod with kubectl. */
  void deleteOne(String... options) {
    app()
        .kubectl(
            Stream.concat(Stream.of("delete", "pod", anyPod()), Stream.of(options))
                .toArray(String[]::new));
  }

  void deletePod(String name) {
    app().kubectl("delete", "pod", name, "--wait=false");
  }

  /** Name of a pod that is not being ended. */
  private String anyPod() {
    return client.pods().inNamespace(namespace).withLabel("app", NAME).list().getItems().stream()
        .map(Pod::getMetadata)
        .filter(pod -> pod.getDeletionTimestamp() == null)
        .map(ObjectMeta::getName)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no pod is left in " + namespace));
  }

  /** A rollout that was started. */
  final class Rollout {

    private final String oldReplicaSet;
    private final Set<String> oldPods;
    private final long startedNanos;

    private Rollout(String oldReplicaSet, Set<String> oldPods, long startedNanos) {
      this.oldReplicaSet = oldReplicaSet;
      this.oldPods = oldPods;
      this.startedNanos = startedNanos;
    }

    /** The revision that this rollout ends. */
    String oldReplicaSet() {
      return oldReplicaSet;
    }

    int oldPods() {
      return oldPods.size();
    }

    long startedNanos() {
      return startedNanos;
    }

    boolean areOldPodsGone() {
      return isRolledOut() && census.gone(oldReplicaSet).containsAll(oldPods);
    }
  }

  @Override
  public void close() {
    census.close();
  }
}
