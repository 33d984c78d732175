package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Timeline;
import dev.graceful.telemetry.Metrics;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  @SuppressWarnings("NullAway.Init") // set before each test
  private SharedIndexInformer<GracefulPolicy> policies;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Shop shop;

  /** Who was woken, by kind and name. */
  private final List<String> woken = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void watches() {
    var wakeups = Shop.wakeups(woken::add);
    watch =
        new ClusterWatch(
            client, wakeups, new SmallSettings(), new Metrics(new SimpleMeterRegistry()), "test");
    shop = new Shop(client);
    watch.onStart(new StartupEvent());
    policies = shop.policies(watch);
  }

  @AfterEach
  void stops() {
    policies.stop();
    watch.onStop(new ShutdownEvent());
  }

  @Test
  void aNewPolicyWakesTheDeploymentsOfItsNamespace() {
    // given
    shop.create(Shop.deployment("shop", "web"));
    shop.create(Shop.deployment("elsewhere", "other"));
    await().until(() -> watch.deployments().get(new WorkloadRef("elsewhere", "other")) != null);
    woken.clear();

    // when
    shop.create(Shop.policy("gentle", Apply.Never));

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
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment("shop", "web"));
    await().untilAsserted(() -> assertThat(woken).contains("policy gentle", "protection web"));
    woken.clear();

    // when
    client.resources(GracefulPolicy.class).inNamespace("shop").withName("gentle").delete();

    // then
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    assertThat(watch.policiesOf("shop")).isEmpty();
  }

  /** Deleted and created anew while the watch was down, it has another uid alone. */
  @Test
  void aPolicyThatReplacedAnotherWakesThem() {
    // given
    shop.create(Shop.deployment("shop", "web"));
    await().until(() -> watch.deployments().get(WEB) != null);
    var own = new OwnObjects<GracefulPolicy>();
    watch.policies(own);
    own.put("shop/gentle", listed("p-1"));
    woken.clear();

    // when
    own.put("shop/gentle", listed("p-2"));

    // then
    assertThat(woken).contains("policy gentle", "protection web");
  }

  @Test
  void aChangedProtectionWakesItsPolicy() {
    // given
    var own = new OwnObjects<DeploymentProtection>();
    watch.protections(own);
    DeploymentProtection protection = Shop.protection("d-1", "p-1");

    // when, then
    own.put("shop/web", protection);
    assertThat(woken).containsExactly("policy gentle");
    assertThat(watch.protection(WEB)).isSameAs(protection);

    // when, then
    own.remove("shop/web");
    assertThat(woken).containsExactly("policy gentle", "policy gentle");
    assertThat(watch.protection(WEB)).isNull();
  }

  @Test
  void aProtectionThatNamesNoPolicyWakesNone() {
    // given
    var own = new OwnObjects<DeploymentProtection>();
    watch.protections(own);
    DeploymentProtection protection = Shop.protection("d-1", "p-1");
    protection.setSpec(null);

    // when
    own.put("shop/web", protection);

    // then
    assertThat(woken).isEmpty();
  }

  @Test
  void aChangedLabelOfADeploymentWakesThePolicies() {
    // given
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment("shop", "web"));
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
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment("shop", "web"));
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
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment("shop", "web"));
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
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment("shop", "web"));
    String revision = shop.create(Shop.replicaSet());
    String pod = shop.create(Shop.pod(1, revision));
    shop.create(Shop.slice(1, pod, true, false));
    watch
        .evidence()
        .tell(
            new Event.Governed(
                MonotonicClock.now(),
                WEB,
                new ProbeRules(
                    5, new ProbePlan.VerifySpec(VerifyMode.None, null, null, List.of()))));
    await().until(() -> !watch.evidence().ask(o -> o.workload(WEB).clientPorts().tcp()).isEmpty());

    // when
    shop.podLeaves(watch, pod);
    woken.clear();
    shop.podExits();

    // then
    await().untilAsserted(() -> assertThat(woken).contains("protection web"));
    Timeline timeline =
        Interpreter.timeline(
            watch
                .evidence()
                .ask(o -> o.workload(WEB).histories())
                .getFirst()
                .concluded()
                .getFirst());
    assertThat(timeline.pod().name()).isEqualTo("web-1");
    assertThat(timeline.graceSeconds()).isEqualTo(30);
    assertThat(timeline.exposed()).isTrue();
    assertThat(timeline.leftMillis()).isNotNull();
    assertThat(Objects.requireNonNull(timeline.ending()).exit())
        .isEqualTo(new Exit(0, "Completed", null));
  }

  /** Report r08: what a Service is for may be seen after its slices, and may change. */
  @Test
  void aServiceForDiscoveryIsNoWayOfClientsR08() {
    // given
    shop.create(Shop.deployment("shop", "web"));
    shop.create(Shop.pod(1, shop.create(Shop.replicaSet())));
    var pod = Objects.requireNonNull(client.pods().inNamespace("shop").withName("web-1").get());
    var slice = Shop.slice(1, pod.getMetadata().getUid(), true, false);
    slice.getMetadata().setLabels(Map.of("kubernetes.io/service-name", "peers"));
    shop.create(slice);
    await().until(() -> watch.evidence().ask(o -> o.workload(WEB).clientPorts()).exposed());

    // when
    shop.create(
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("peers")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("None")
            .withPublishNotReadyAddresses(true)
            .endSpec()
            .build());

    // then
    var forDiscovery = new ClientPorts(false, Set.of(), Set.of(), Set.of("peers"));
    await()
        .until(
            () -> watch.evidence().ask(o -> o.workload(WEB).clientPorts()), forDiscovery::equals);
    assertThat(watch.exposure(WEB).entrances()).isEmpty();

    // when
    client.services().inNamespace("shop").withName("peers").delete();

    // then
    await().until(() -> watch.evidence().ask(o -> o.workload(WEB).clientPorts()).exposed());
  }

  @Test
  void podsOfANamespaceWithoutAPolicyWakeNobody() {
    // given
    shop.create(Shop.deployment("shop", "web"));
    String revision = shop.create(Shop.replicaSet());
    await().until(() -> watch.evidence().ask(o -> !o.workload(WEB).histories().isEmpty()));
    woken.clear();

    // when
    shop.create(Shop.pod(1, revision));

    // then
    await()
        .until(
            () ->
                !watch
                    .evidence()
                    .ask(o -> o.workload(WEB).histories())
                    .getFirst()
                    .watchedPods()
                    .isEmpty());
    assertThat(woken).isEmpty();
  }

  @Test
  void allWatchesAreOpen() {
    await().untilAsserted(() -> assertThat(watch.isWatching()).isTrue());
  }

  private static GracefulPolicy listed(String uid) {
    GracefulPolicy policy = Shop.policy("gentle", Apply.Never);
    policy.getMetadata().setUid(uid);
    policy.getMetadata().setResourceVersion(uid);
    return policy;
  }

  private void editDeployment(UnaryOperator<Deployment> change) {
    client.apps().deployments().inNamespace("shop").withName("web").edit(change);
  }
}
