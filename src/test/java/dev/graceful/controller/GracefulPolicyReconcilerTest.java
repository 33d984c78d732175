package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.ConditionType;
import dev.graceful.report.Conditions;
import dev.graceful.report.Programming;
import dev.graceful.report.ProtectionStatus;
import dev.graceful.telemetry.Metrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a protection, and what a policy says of all that have one. */
@EnableKubernetesMockClient(crud = true)
class GracefulPolicyReconcilerTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static final WorkloadRef WEB = new WorkloadRef(Shop.NAMESPACE, "web");
  private static final Instant NOW = Instant.parse("2026-01-01T10:01:00Z");

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Shop shop;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ClusterWatch watch;

  @SuppressWarnings("NullAway.Init") // set before each test
  private SharedIndexInformer<GracefulPolicy> policies;

  @SuppressWarnings("NullAway.Init") // set before each test
  private GracefulPolicyReconciler reconciler;

  private final KeptLedgers ledgers = new KeptLedgers();

  /** What the reconciler knows to be written. */
  private final OwnObjects<DeploymentProtection> written = new OwnObjects<>();

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void watches() {
    shop = new Shop(client);
    var wakeups = Shop.wakeups(event -> {});
    watch =
        new ClusterWatch(
            client, wakeups, new SmallSettings(), new Metrics(new SimpleMeterRegistry()), "test");
    reconciler =
        new GracefulPolicyReconciler(
            watch, wakeups, client, ledgers, new SmallSettings(), Clock.fixed(NOW, ZoneOffset.UTC));
    watch.protections(written);
    watch.onStart(new StartupEvent());
    policies = shop.policies(watch);
  }

  @AfterEach
  void stops() {
    policies.stop();
    watch.onStop(new ShutdownEvent());
  }

  @Test
  void aGovernedDeploymentGetsItsProtection() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");

    // when
    UpdateControl<GracefulPolicy> control = reconcile(policy);

    // then
    assertThat(ledgers.writes).containsExactly("govern web by gentle");
    assertThat(condition(control, ConditionType.Programmed).message())
        .startsWith("0 of 1 Deployments programmed");
  }

  @Test
  void whatIsKnownToBeGovernedIsNotWrittenAgain() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");
    isWritten(Shop.protection("d-1", policy.getMetadata().getUid()));

    // when
    reconcile(policy);

    // then
    assertThat(ledgers.writes).isEmpty();
  }

  /** As GitOps tools do: deleted and made anew, it has another uid. */
  @Test
  void whatAnEarlierPolicyOfThisNameGovernedIsWrittenAgain() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");
    isWritten(Shop.protection("d-1", "p-0"));

    // when
    reconcile(policy);

    // then
    assertThat(ledgers.writes).containsExactly("govern web by gentle");
  }

  @Test
  void theWordOfEachProtectionIsAddedUp() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");
    DeploymentProtection protection = Shop.protection("d-1", policy.getMetadata().getUid());
    protection.setStatus(programmed(null));
    isWritten(protection);

    // when
    UpdateControl<GracefulPolicy> control = reconcile(policy);

    // then
    assertThat(condition(control, ConditionType.Programmed).reason())
        .isEqualTo("RolloutInProgress");
    assertThat(condition(control, ConditionType.Programmed).message())
        .isEqualTo("0 of 1 Deployments programmed; web: Written; the rollout of it is under way.");
  }

  @Test
  void whatTheSchemaSaysOfAProtectionBeforeTheOperatorIsNoWord() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");
    DeploymentProtection protection = Shop.protection("d-1", policy.getMetadata().getUid());
    var pending =
        new Condition(
            "Programmed", Condition.Status.Unknown, "Pending", "", "1970-01-01T00:00:00Z", null);
    protection.setStatus(new DeploymentProtectionStatus(null, null, null, List.of(pending)));
    isWritten(protection);

    // when
    UpdateControl<GracefulPolicy> control = reconcile(policy);

    // then
    assertThat(condition(control, ConditionType.Programmed).message())
        .isEqualTo("0 of 1 Deployments programmed; the others are to come.");
    assertThat(condition(control, ConditionType.Reconciling).reason())
        .isEqualTo("RolloutInProgress");
  }

  @Test
  void nothingNewIsNoWrite() {
    // given
    GracefulPolicy policy = isThere(Shop.policy("gentle", Apply.Never));
    isThere("web");
    DeploymentProtection protection = Shop.protection("d-1", policy.getMetadata().getUid());
    protection.setStatus(programmed(null));
    isWritten(protection);
    policy.setStatus(status(reconcile(policy)));

    // when
    UpdateControl<GracefulPolicy> control = reconcile(policy);

    // then
    assertThat(control.isNoUpdate()).isTrue();
  }

  /** The one whose name comes first governs those that are of the same age. */
  @Test
  void whatAnotherPolicyGovernsIsLeftToIt() {
    // given
    isThere(Shop.policy("first", Apply.Never));
    GracefulPolicy second = isThere(Shop.policy("second", Apply.Never));
    isThere("web");

    // when
    UpdateControl<GracefulPolicy> control = reconcile(second);

    // then
    assertThat(ledgers.writes).isEmpty();
    assertThat(condition(control, ConditionType.Accepted).message()).contains("first");
  }

  @Test
  void whatItDoesNotSelectDoesNotCount() {
    // given
    GracefulPolicy policy = Shop.policy("gentle", Apply.Never);
    policy.setSpec(Shop.selecting(policy.getSpec(), "tier", "db"));
    GracefulPolicy created = isThere(policy);
    isThere("web");

    // when
    UpdateControl<GracefulPolicy> control = reconcile(created);

    // then
    assertThat(ledgers.writes).isEmpty();
    assertThat(condition(control, ConditionType.Programmed).message())
        .startsWith("The selector matches no Deployment.")
        .contains("tier=db");
  }

  // ------------------------------------------------------------ what is there

  private GracefulPolicy isThere(GracefulPolicy policy) {
    GracefulPolicy created = client.resource(policy).create();
    String uid = created.getMetadata().getUid();
    await()
        .until(
            () ->
                watch.policiesOf(Shop.NAMESPACE).stream()
                    .anyMatch(known -> uid.equals(known.getMetadata().getUid())));
    return created;
  }

  private void isThere(String deployment) {
    shop.create(Shop.deployment(Shop.NAMESPACE, deployment));
    await().until(() -> watch.deployments().get(WEB) != null);
  }

  private void isWritten(DeploymentProtection protection) {
    written.put(written.getKey(protection), protection);
  }

  private static DeploymentProtectionStatus programmed(@Nullable DeploymentProtectionStatus old) {
    return ProtectionStatus.next(old, Programming.rolling(), null, 1L, NOW);
  }

  private UpdateControl<GracefulPolicy> reconcile(GracefulPolicy policy) {
    return reconciler.reconcile(policy, unused());
  }

  /** It reconciles by what the watches know. */
  @SuppressWarnings("unchecked")
  private static Context<GracefulPolicy> unused() {
    return (Context<GracefulPolicy>)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, called, arguments) -> {
              throw new UnsupportedOperationException(called.toString());
            });
  }

  private static GracefulPolicyStatus status(UpdateControl<GracefulPolicy> control) {
    return control.getResource().orElseThrow().getStatus();
  }

  private static Condition condition(UpdateControl<GracefulPolicy> control, ConditionType type) {
    return Objects.requireNonNull(Conditions.find(status(control).conditions(), type));
  }
}
