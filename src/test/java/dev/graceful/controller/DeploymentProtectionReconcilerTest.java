package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.HttpGetAction;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.cluster.Templates;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.ConditionType;
import dev.graceful.report.Conditions;
import dev.graceful.telemetry.Metrics;
import dev.graceful.template.Change;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published of a Deployment, whatever becomes of the operator's own writes. */
@EnableKubernetesMockClient(crud = true)
class DeploymentProtectionReconcilerTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static final WorkloadRef WEB = new WorkloadRef(Shop.NAMESPACE, "web");

  private static final Decision DECIDED = new Decision(List.of("app"), 6, 36);

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Shop shop;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ClusterWatch watch;

  @SuppressWarnings("NullAway.Init") // set before each test
  private SharedIndexInformer<GracefulPolicy> policies;

  @SuppressWarnings("NullAway.Init") // set before each test
  private DeploymentProtectionReconciler reconciler;

  private final Wakeups wakeups = Shop.wakeups(event -> {});
  private final KeptLedgers ledgers = new KeptLedgers();

  /** What was asked of the pod templates. */
  private final List<String> writes = new ArrayList<>();

  private @Nullable KubernetesClientException noWrite;

  /** What the readiness probe that is tried gets; not yet done: it waits. */
  private final CompletableFuture<ReadinessAnswer> answer = new CompletableFuture<>();

  @BeforeAll
  static void quietly() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void watches() {
    shop = new Shop(client);
    var metrics = new Metrics(new SimpleMeterRegistry());
    watch = new ClusterWatch(client, wakeups, new SmallSettings(), metrics, "test");
    reconciler =
        new DeploymentProtectionReconciler(
            watch,
            wakeups,
            client,
            new Ports(
                ledgers,
                new FakeTemplates(),
                ref -> "192.0.2.1",
                (address, check) -> answer.join()),
            new SmallSettings(),
            metrics,
            Clock.fixed(Instant.parse("2026-01-01T10:01:00Z"), ZoneOffset.UTC));
    watch.onStart(new StartupEvent());
    policies = shop.policies(watch);
  }

  @AfterEach
  void stops() {
    answer.complete(new ReadinessAnswer.Failed("the test is over"));
    policies.stop();
    watch.onStop(new ShutdownEvent());
  }

  // ------------------------------------------------------------ the evidence first

  @Test
  void aVerdictIsPublishedThoughTheTemplateCannotBeWritten() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    aPodHasEnded();
    noWrite = tooManyRequests();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(writes).containsExactly("write");
    assertThat(judged()).isEqualTo(1);
    assertThat(condition(control, ConditionType.Programmed).reason()).isEqualTo("WriteFailed");
    assertThat(condition(control, ConditionType.TerminationsGraceful).reason())
        .isEqualTo("BeforeProtection");
    assertThat(control.getScheduleDelay())
        .hasValueSatisfying(millis -> assertThat(millis).isBetween(1L, 1_000L));
  }

  @Test
  void aVerdictIsPublishedThoughNothingCanBeRecorded() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    aPodHasEnded();
    ledgers.failure = tooManyRequests();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(writes).as("what is not recorded is not written").isEmpty();
    assertThat(judged()).isEqualTo(1);
    assertThat(condition(control, ConditionType.Programmed).reason()).isEqualTo("WriteFailed");
  }

  @Test
  void aVerdictIsPublishedWhileAReadinessProbeIsTried() {
    // given
    GracefulPolicy policy = Shop.policy("gentle", Apply.Immediately);
    policy.setSpec(withReadinessProbe(policy.getSpec()));
    DeploymentProtection protection = govern(policy);
    aPodHasEnded();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(writes).isEmpty();
    assertThat(judged()).isEqualTo(1);
    assertThat(condition(control, ConditionType.Programmed).reason())
        .isEqualTo("ReadinessUnproven");
    assertThat(control.getScheduleDelay()).as("it is woken by the answer").isEmpty();
  }

  @Test
  void whatCannotBeWrittenIsNotTriedAgainAtOnce() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    aPodHasEnded();
    noWrite = tooManyRequests();
    reconcile(protection);

    // when
    reconcile(protection);

    // then
    assertThat(writes).containsExactly("write");
  }

  /** Another process may do what this one cannot, so it ends as any unknown failure does. */
  @Test
  void aFailureThatStaysIsNotHidden() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    aPodHasEnded();
    noWrite = new KubernetesClientException("the API server is away");

    // when
    assertThatThrownBy(() -> reconcile(protection)).isSameAs(noWrite);

    // then
    assertThat(judged()).isEqualTo(1);
  }

  // ------------------------------------------------------------ reverts

  @Test
  void aRevertCountsWhileAReadinessProbeIsTried() {
    // given
    GracefulPolicy policy = Shop.policy("gentle", Apply.Immediately);
    policy.setSpec(withReadinessProbe(policy.getSpec()));
    DeploymentProtection protection = govern(policy);
    protection.setSpec(written(protection.getSpec()));
    podsRun();
    theTemplateGets(36L);
    theTemplateGets(30L);

    // when
    reconcile(protection);

    // then
    assertThat(Objects.requireNonNull(ledgers.noted).contest().reverts()).hasSize(1);
    assertThat(watch.deployments().changes(WEB)).isEmpty();
  }

  @Test
  void aRevertThatCannotBeRecordedIsNotForgotten() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    protection.setSpec(written(protection.getSpec()));
    podsRun();
    theTemplateGets(36L);
    theTemplateGets(30L);
    ledgers.failure = tooManyRequests();

    // when
    reconcile(protection);

    // then
    assertThat(watch.deployments().changes(WEB)).isNotEmpty();
  }

  // ------------------------------------------------------------ whose protection it is

  @Test
  void ofADeploymentThatIsGoneNothingIsDone() {
    // given
    DeploymentProtection protection = Shop.protection("d-1", "p-1");

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isNoUpdate()).isTrue();
    assertThat(writes).isEmpty();
  }

  @Test
  void ofAnEarlierDeploymentOfThisNameNothingIsDone() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    protection.getMetadata().getOwnerReferences().getFirst().setUid("d-0");
    podsRun();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isNoUpdate()).isTrue();
    assertThat(writes).isEmpty();
  }

  @Test
  void whatAnotherPolicyGovernsByNowIsLeftToThePolicies() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Immediately));
    protection.setSpec(Shop.protection("d-1", "p-0").getSpec());
    podsRun();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isNoUpdate()).isTrue();
    assertThat(writes).isEmpty();
  }

  @Test
  void aProtectionWithNothingToGiveBackGoesWithItsPolicy() {
    // given
    DeploymentProtection protection = isLeftOver();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isNoUpdate()).isTrue();
    assertThat(ledgers.writes).containsExactly("delete web");
  }

  @Test
  void nothingIsGivenBackBeforeAllPoliciesAreListed() {
    // given
    DeploymentProtection protection = isLeftOver();
    wakeups.policies().stop();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(ledgers.writes).isEmpty();
    assertThat(control.getScheduleDelay()).hasValue(1_000L);
  }

  @Test
  void whatWasWrittenGoesBackOnceThePolicyHadTimeToComeBack() {
    // given
    DeploymentProtection protection = isLeftOver();
    protection.setSpec(written(protection.getSpec()));
    theTemplateGets(36L);

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(writes).isEmpty();
    assertThat(condition(control, ConditionType.Programmed).reason()).isEqualTo("GivingBack");
    assertThat(control.getScheduleDelay())
        .hasValueSatisfying(millis -> assertThat(millis).isBetween(50_000L, 60_000L));
  }

  // ------------------------------------------------------------ status

  @Test
  void nothingNewIsNoWrite() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Never));
    aPodHasEnded();
    protection.setStatus(
        withJournal(reconcile(protection).getResource().orElseThrow().getStatus()));

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isNoUpdate()).isTrue();
    assertThat(judged()).isEqualTo(1);
  }

  /** JOSDK applies a status by force: what the patch names it would overwrite with older values. */
  @Test
  void aStatusPatchLeavesTheJournalAlone() {
    // given
    DeploymentProtection protection = govern(Shop.policy("gentle", Apply.Never));
    protection.setStatus(withJournal(new DeploymentProtectionStatus(0L, null, null, null)));
    podsRun();

    // when
    UpdateControl<DeploymentProtection> control = reconcile(protection);

    // then
    assertThat(control.isPatchStatus()).isTrue();
    assertThat(Serialization.asYaml(control.getResource().orElseThrow()))
        .contains("conditions")
        .doesNotContain("rolloutGeneration", "reverts", "contestedGeneration");
    assertThat(ledgers.noted).as("nothing new is no write").isNull();
  }

  // ------------------------------------------------------------ what it works with

  /** The Deployment is there, and the policy governs it. */
  private DeploymentProtection govern(GracefulPolicy policy) {
    String policyUid = shop.create(policy);
    String uid = shop.create(Shop.deployment(Shop.NAMESPACE, "web"));
    DeploymentProtection protection = Shop.protection(uid, policyUid);
    await()
        .until(
            () ->
                watch.deployments().get(WEB) != null
                    && !watch.policiesOf(Shop.NAMESPACE).isEmpty());
    return protection;
  }

  /** The Deployment is there, and the policy that governed it is not. */
  private DeploymentProtection isLeftOver() {
    String uid = shop.create(Shop.deployment(Shop.NAMESPACE, "web"));
    await().until(() -> watch.deployments().get(WEB) != null);
    return Shop.protection(uid, "p-1");
  }

  /** Two pods run; gives the uid of the first. */
  private String podsRun() {
    String revision = shop.create(Shop.replicaSet());
    String first = shop.create(Shop.pod(1, revision));
    String second = shop.create(Shop.pod(2, revision));
    shop.create(Shop.slice(1, first, true, false));
    shop.create(Shop.slice(2, second, true, false));
    await()
        .until(
            () ->
                watch
                        .evidence()
                        .ask(o -> o.workload(WEB).histories())
                        .getFirst()
                        .watchedPods()
                        .size()
                    == 2);
    await().until(() -> !watch.evidence().ask(o -> o.workload(WEB).clientPorts().tcp()).isEmpty());
    return first;
  }

  /** Nothing of it is published yet. */
  private void aPodHasEnded() {
    String pod = podsRun();
    watch
        .evidence()
        .tell(
            new Event.Governed(
                MonotonicClock.now(),
                WEB,
                new ProbeRules(
                    5,
                    ProbePlan.VerifySpec.of(
                        Shop.policy("gentle", Apply.Never).getSpec().verify()))));
    shop.podLeaves(watch, pod);
    shop.podExits();
    await()
        .until(
            () ->
                !watch
                    .evidence()
                    .ask(o -> o.workload(WEB).histories())
                    .getFirst()
                    .concluded()
                    .isEmpty());
  }

  /** By its owner. */
  private void theTemplateGets(long graceSeconds) {
    DeploymentFacts before = Objects.requireNonNull(watch.deployments().get(WEB));
    client
        .apps()
        .deployments()
        .inNamespace(Shop.NAMESPACE)
        .withName("web")
        .edit(
            d ->
                d.edit()
                    .editSpec()
                    .editTemplate()
                    .editSpec()
                    .withTerminationGracePeriodSeconds(graceSeconds)
                    .editFirstContainer()
                    .withLifecycle(
                        graceSeconds == 30L
                            ? null
                            : new LifecycleBuilder()
                                .withNewPreStop()
                                .withNewSleep(6L)
                                .endPreStop()
                                .build())
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build());
    await()
        .until(
            () ->
                !before
                    .template()
                    .equals(Objects.requireNonNull(watch.deployments().get(WEB)).template()));
  }

  private static DeploymentProtectionSpec written(DeploymentProtectionSpec spec) {
    return new DeploymentProtectionSpec(
        spec.policy(), Apply.Immediately, null, DECIDED, null, new Before(30, null));
  }

  /** As it is after a revert under this policy. */
  private static DeploymentProtectionStatus withJournal(DeploymentProtectionStatus status) {
    return new DeploymentProtectionStatus(
        status.observedGeneration(),
        status.latestReport(),
        status.recommendation(),
        status.conditions(),
        1L,
        List.of("2026-01-01T10:00:00Z"),
        null);
  }

  private static GracefulPolicySpec withReadinessProbe(GracefulPolicySpec spec) {
    return new GracefulPolicySpec(
        spec.selector(),
        spec.apply(),
        spec.propagationSeconds(),
        spec.drainSeconds(),
        new ReadinessProbe(
            new HttpGetAction("/ready", new IntOrString(8080), null), null, null, null, null, null),
        spec.verify());
  }

  private static KubernetesClientException tooManyRequests() {
    String message = "Too many requests, please try again later.";
    return new KubernetesClientException(
        message, 429, new StatusBuilder().withCode(429).withMessage(message).build());
  }

  private UpdateControl<DeploymentProtection> reconcile(DeploymentProtection protection) {
    return reconciler.reconcile(protection, cached(protection));
  }

  /** In a context that knows this protection alone. */
  @SuppressWarnings("unchecked")
  private static Context<DeploymentProtection> cached(DeploymentProtection protection) {
    var cache =
        (IndexedResourceCache<DeploymentProtection>)
            answering(IndexedResourceCache.class, "list", () -> Stream.of(protection));
    return (Context<DeploymentProtection>) answering(Context.class, "getPrimaryCache", () -> cache);
  }

  private static Object answering(Class<?> type, String method, Supplier<Object> value) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, called, arguments) -> {
          if (!called.getName().equals(method)) {
            throw new UnsupportedOperationException(called.toString());
          }
          return value.get();
        });
  }

  /** How many terminations the report counts. */
  private int judged() {
    TerminationReport report =
        client
            .resources(TerminationReport.class)
            .inNamespace(Shop.NAMESPACE)
            .withName("web-abc")
            .get();
    Integer terminations =
        report == null || report.getStatus() == null ? null : report.getStatus().terminations();
    return terminations == null ? 0 : terminations;
  }

  private static Condition condition(
      UpdateControl<DeploymentProtection> control, ConditionType type) {
    return Objects.requireNonNull(
        Conditions.find(control.getResource().orElseThrow().getStatus().conditions(), type));
  }

  private final class FakeTemplates implements Templates {

    @Override
    public Outcome write(DeploymentFacts deployment, Change change) {
      writes.add("write");
      if (noWrite != null) {
        throw noWrite;
      }
      return new Written();
    }

    @Override
    public Outcome dryRun(DeploymentFacts deployment, Change change) {
      writes.add("dry run");
      return new Written();
    }

    @Override
    public void letGo(WorkloadRef ref) {
      writes.add("let go");
    }
  }
}
