package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.Templates;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.ConditionType;
import dev.graceful.report.Conditions;
import dev.graceful.telemetry.Metrics;
import dev.graceful.template.Change;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both controllers, on an API server that only stores: what they learn of the own kinds. */
@EnableKubernetesMockClient(crud = true)
class OwnKindsTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Shop shop;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ClusterWatch watch;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Operator operator;

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void starts() {
    shop = new Shop(client);
    var wakeups = new Wakeups();
    var metrics = new Metrics(new SimpleMeterRegistry());
    var settings = new SmallSettings();
    var ledgers = new StoredLedgers();
    watch = new ClusterWatch(client, wakeups, settings, metrics, "test");
    operator =
        new Operator(
            with ->
                with.withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .checkingCRDAndValidateLocalModel(false)
                    // The server knows no apply.
                    .withUseSSAToPatchPrimaryResource(false));
    operator.register(
        new GracefulPolicyReconciler(watch, wakeups, client, ledgers, settings, Clock.systemUTC()));
    operator.register(
        new DeploymentProtectionReconciler(
            watch,
            wakeups,
            client,
            new Ports(
                ledgers,
                new NoTemplates(),
                ref -> null,
                (address, check) -> new ReadinessAnswer.Failed("none")),
            settings,
            metrics,
            Clock.systemUTC()));
    watch.onStart(new StartupEvent());
    operator.start();
  }

  @AfterEach
  void stops() {
    operator.stop();
    watch.onStop(new ShutdownEvent());
  }

  @Test
  void eachIsListedAndWatchedOnce() throws InterruptedException {
    // when
    List<String> requests = requests();

    // then
    for (String kind : List.of("gracefulpolicies", "deploymentprotections")) {
      assertThat(requests)
          .filteredOn(path -> path.contains("/" + kind + "?"))
          .as(kind)
          .hasSize(2)
          .filteredOn(path -> path.contains("watch=true"))
          .hasSize(1);
    }
  }

  /** The status is the operator's own write, which its controller's filters hide. */
  @Test
  void theStatusOfAProtectionReachesItsPolicy() {
    // when
    shop.create(Shop.policy("gentle", Apply.OnRollout));
    shop.create(Shop.deployment(Shop.NAMESPACE, "web"));

    // then
    await()
        .untilAsserted(
            () -> {
              DeploymentProtection protection = protection().get();
              GracefulPolicy policy = policy().get();
              assertThat(protection).isNotNull();
              assertThat(protection.getStatus()).isNotNull();
              assertThat(policy.getStatus()).isNotNull();
              assertThat(programmed(policy.getStatus().conditions()))
                  .contains("web: " + programmed(protection.getStatus().conditions()));
            });
  }

  @Test
  void aProtectionThatAPersonDeletesComesBack() {
    // given
    shop.create(Shop.policy("gentle", Apply.Never));
    shop.create(Shop.deployment(Shop.NAMESPACE, "web"));
    await().until(() -> protection().get() != null);
    String uid = protection().get().getMetadata().getUid();

    // when
    protection().delete();

    // then
    await()
        .until(
            () ->
                protection().get() != null
                    && !uid.equals(protection().get().getMetadata().getUid()));
  }

  @Test
  void anEditOfThePolicyReachesWhatItSelectsAndWhatItSelectsNoMore() {
    // given
    GracefulPolicy policy = Shop.policy("gentle", Apply.Never);
    policy.setSpec(Shop.selecting(policy.getSpec(), "tier", "db"));
    shop.create(policy);
    shop.create(Shop.deployment(Shop.NAMESPACE, "web"));
    await().until(() -> policy().get().getStatus() != null);
    assertThat(protection().get()).isNull();

    // when, then
    select("web");
    await().until(() -> protection().get() != null);

    // when, then
    select("db");
    await().until(() -> protection().get() == null);
  }

  // ------------------------------------------------------------ what is there

  private void select(String tier) {
    policy()
        .edit(
            policy -> {
              var metadata = policy.getMetadata();
              metadata.setGeneration(metadata.getGeneration() + 1);
              policy.setSpec(Shop.selecting(policy.getSpec(), "tier", tier));
              return policy;
            });
  }

  private Resource<GracefulPolicy> policy() {
    return client.resources(GracefulPolicy.class).inNamespace(Shop.NAMESPACE).withName("gentle");
  }

  private Resource<DeploymentProtection> protection() {
    return client.resources(DeploymentProtection.class).inNamespace(Shop.NAMESPACE).withName("web");
  }

  private static String programmed(@Nullable List<Condition> conditions) {
    return Objects.requireNonNull(
            Conditions.find(Objects.requireNonNull(conditions), ConditionType.Programmed))
        .message();
  }

  /** The paths that were asked for until now. */
  private List<String> requests() throws InterruptedException {
    var paths = new ArrayList<String>();
    for (var next = server.takeRequest(1, TimeUnit.SECONDS);
        next != null;
        next = server.takeRequest(1, TimeUnit.SECONDS)) {
      paths.add(next.getPath());
    }
    return paths;
  }

  /** Ledgers of which only the selection is stored. */
  private final class StoredLedgers implements Ledgers {

    @Override
    public void govern(DeploymentFacts deployment, GracefulPolicy policy) {
      client
          .resource(Shop.protection(deployment.uid(), policy.getMetadata().getUid()))
          .createOr(NonDeletingOperation::update);
    }

    @Override
    public @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided) {
      return null;
    }

    @Override
    public @Nullable ObjectMeta note(WorkloadRef ref, Journal journal) {
      return null;
    }

    @Override
    public void delete(DeploymentProtection protection) {
      client.resource(protection).delete();
    }
  }

  /** Takes nothing. */
  private static final class NoTemplates implements Templates {

    @Override
    public Outcome write(DeploymentFacts deployment, Change change) {
      return new Refused("no");
    }

    @Override
    public Outcome dryRun(DeploymentFacts deployment, Change change) {
      return new Refused("no");
    }

    @Override
    public void letGo(WorkloadRef ref) {}
  }
}
