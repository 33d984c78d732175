package dev.graceful.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.config.Settings;
import dev.graceful.observe.Asking;
import dev.graceful.observe.Exit;
import dev.graceful.observe.RevisionRef;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.telemetry.Metrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watches, on an API server that only stores. */
@EnableKubernetesMockClient(crud = true)
class ClusterWatchTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ClusterWatch watch;

  /** Who was woken, by kind and name. */
  private final List<String> woken = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void watches() {
    var wakeups = new Wakeups();
    wakeups
        .policies()
        .setEventHandler(
            event -> woken.add("policy " + event.getRelatedCustomResourceID().getName()));
    wakeups
        .protections()
        .setEventHandler(
            event -> woken.add("protection " + event.getRelatedCustomResourceID().getName()));
    wakeups.policies().start();
    wakeups.protections().start();
    watch =
        new ClusterWatch(
            client, wakeups, settings(), new Metrics(new SimpleMeterRegistry()), "test");
    watch.onStart(new StartupEvent());
  }

  @AfterEach
  void stops() {
    watch.onStop(new ShutdownEvent());
  }

  @Test
  void aNewPolicyWakesTheDeploymentsOfItsNamespace() {
    // given
    create(deployment("shop", "web"));
    create(deployment("elsewhere", "other"));
    await().until(() -> watch.deployments().get(new WorkloadRef("elsewhere", "other")) != null);
    woken.clear();

    // when
    create(policy("gentle"));

    // then
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle", "protection web"));
    assertThat(woken).doesNotContain("protection other");
    assertThat(watch.policiesOf("shop"))
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("gentle");
    assertThat(watch.policiesOf("elsewhere")).isEmpty();
  }

  @Test
  void aPolicyThatIsGoneWakesThemAgain() {
    // given
    create(policy("gentle"));
    create(deployment("shop", "web"));
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle", "protection web"));
    woken.clear();

    // when
    client.resources(GracefulPolicy.class).inNamespace("shop").withName("gentle").delete();

    // then
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    assertThat(watch.policiesOf("shop")).isEmpty();
  }

  @Test
  void aChangedLabelOfADeploymentWakesThePolicies() {
    // given
    create(policy("gentle"));
    create(deployment("shop", "web"));
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    woken.clear();

    // when
    editDeployment(d -> d.edit().editMetadata().addToLabels("tier", "db").endMetadata().build());

    // then
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle", "protection web"));
  }

  @Test
  void whatConcernsTheDeploymentAloneDoesNotWakeThePolicies() {
    // given
    create(policy("gentle"));
    create(deployment("shop", "web"));
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle", "protection web"));
    woken.clear();

    // when
    editDeployment(d -> d.edit().editSpec().withPaused(true).endSpec().build());

    // then
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    assertThat(woken).doesNotContain("policy gentle");
  }

  @Test
  void aDeploymentThatIsGoneWakesThePolicies() {
    // given
    create(policy("gentle"));
    create(deployment("shop", "web"));
    await().until(() -> watch.deployments().get(WEB) != null);
    woken.clear();

    // when
    client.apps().deployments().inNamespace("shop").withName("web").delete();

    // then
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle"));
    assertThat(watch.deployments().get(WEB)).isNull();
  }

  @Test
  void aTerminationIsSeenFromItsBeginningToItsEnd() {
    // given
    create(policy("gentle"));
    create(deployment("shop", "web"));
    String revision = create(replicaSet());
    String pod = create(pod(revision));
    create(slice(pod, true, false));
    watch
        .terminations()
        .govern(WEB, new Terminations.Settings(5, new Asking.Wish(VerifyMode.None, null, null)));
    await().until(() -> !watch.terminations().servingPorts(WEB).isEmpty());

    // when
    editPod(
        p ->
            p.edit()
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T10:00:30Z")
                .withDeletionGracePeriodSeconds(30L)
                .endMetadata()
                .build());
    await().until(() -> watch.terminations().revisions(WEB).getFirst().terminating() == 1);
    client.resource(slice(pod, false, true)).update();
    await()
        .until(
            () -> {
              var progress = watch.terminations().progress(pod, System.nanoTime());
              return progress != null && progress.leftMillis() != null;
            });
    woken.clear();
    editPod(
        p ->
            p.edit()
                .editStatus()
                .addNewContainerStatus()
                .withName("app")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .withReason("Completed")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());

    // then
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    Timeline timeline =
        watch.terminations().revisions(WEB).getFirst().concluded().getFirst().timeline();
    assertThat(timeline.pod().name()).isEqualTo("web-1");
    assertThat(timeline.graceSeconds()).isEqualTo(30);
    assertThat(timeline.exposed()).isTrue();
    assertThat(timeline.leftMillis()).isNotNull();
    assertThat(Objects.requireNonNull(timeline.ending()).exit())
        .isEqualTo(new Exit(0, "Completed", null));
  }

  @Test
  void podsOfANamespaceWithoutAPolicyWakeNobody() {
    // given
    create(deployment("shop", "web"));
    String revision = create(replicaSet());
    await().until(() -> watch.terminations().knows(new RevisionRef("shop", revision)));
    woken.clear();

    // when
    create(pod(revision));

    // then
    await().until(() -> !watch.terminations().revisions(WEB).getFirst().watchedPods().isEmpty());
    assertThat(woken).isEmpty();
  }

  @Test
  void allWatchesAreOpen() {
    await().untilAsserted(() -> assertThat(watch.isWatching()).isTrue());
  }

  // ---------------------------------------------------------------- what is in the cluster

  /** Gives the uid, which the server chooses. */
  private String create(HasMetadata object) {
    return client.resource(object).create().getMetadata().getUid();
  }

  private void editDeployment(UnaryOperator<Deployment> change) {
    client.apps().deployments().inNamespace("shop").withName("web").edit(change);
  }

  /** As the kubelet and the API server change it; a finalizer keeps it there meanwhile. */
  private void editPod(UnaryOperator<Pod> change) {
    Pod pod = Objects.requireNonNull(client.pods().inNamespace("shop").withName("web-1").get());
    client.resource(change.apply(pod)).update();
  }

  private static GracefulPolicy policy(String name) {
    var policy = new GracefulPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder().withNamespace("shop").withName(name).withGeneration(1L).build());
    policy.setSpec(
        new GracefulPolicySpec(
            new LabelSelector(null, null),
            dev.graceful.api.v1alpha1.Apply.Never,
            5,
            30,
            null,
            null));
    return policy;
  }

  private static Deployment deployment(String namespace, String name) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: %s, name: %s, uid: d-1, labels: {tier: web}}
        spec: {replicas: 1, template: {spec: {containers: [{name: app}]}}}
        """
            .formatted(namespace, name),
        Deployment.class);
  }

  private static ReplicaSet replicaSet() {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          namespace: shop
          name: web-abc
          ownerReferences:
            - {apiVersion: apps/v1, kind: Deployment, name: web, uid: d-1, controller: true}
        spec: {replicas: 1, template: {spec: {containers: [{name: app}]}}}
        """,
        ReplicaSet.class);
  }

  private static Pod pod(String revision) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: shop
          name: web-1
          finalizers: [example.com/stay]
          ownerReferences:
            - {apiVersion: apps/v1, kind: ReplicaSet, name: web-abc, uid: %s, controller: true}
        spec: {containers: [{name: app, ports: [{containerPort: 8080}]}]}
        status:
          podIP: 192.0.2.1
          conditions: [{type: Ready, status: "True"}]
        """
            .formatted(revision),
        Pod.class);
  }

  private static EndpointSlice slice(String pod, boolean ready, boolean terminating) {
    return Serialization.unmarshal(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {namespace: shop, name: web-slice}
        addressType: IPv4
        ports: [{port: 8080, protocol: TCP}]
        endpoints:
          - addresses: [192.0.2.1]
            targetRef: {kind: Pod, name: web-1, uid: %s}
            conditions: {ready: %s, terminating: %s}
        """
            .formatted(pod, ready, terminating),
        EndpointSlice.class);
  }

  private static Settings settings() {
    return new Settings() {
      @Override
      public Probe probe() {
        return new Probe() {
          @Override
          public int mostAtOnce() {
            return 10;
          }

          @Override
          public int requestsPerPod() {
            return 150;
          }
        };
      }

      @Override
      public Apply apply() {
        throw new UnsupportedOperationException("the watch does not write");
      }

      @Override
      public String instance() {
        return "test";
      }
    };
  }
}
