package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.ReportStore;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Judge;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import dev.graceful.telemetry.Metrics;
import dev.graceful.telemetry.PolicyName;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a verdict. */
@EnableKubernetesMockClient(crud = true)
class PublisherTest {

  /** Else it tells every request. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static final WorkloadRef WEB = new WorkloadRef(Shop.NAMESPACE, "web");
  private static final GracefulPolicy POLICY = Shop.policy("gentle", Apply.Never);

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ClusterWatch watch;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Publisher publisher;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** How many milliseconds the publisher's clock is ahead. */
  private long later;

  /** The pods whose terminations were judged. */
  private final List<String> judged = new ArrayList<>();

  @BeforeEach
  void watches() {
    REQUESTS.setLevel(Level.WARNING);
    var metrics = new Metrics(registry);
    metrics.policy(new PolicyName(Shop.NAMESPACE, "gentle"));
    watch =
        new ClusterWatch(client, Shop.wakeups(event -> {}), new SmallSettings(), metrics, "test");
    publisher =
        new Publisher(
            watch.evidence(),
            watch::exposure,
            new ReportStore(client, ref -> watch.deployments().get(ref) != null),
            new EventPublisher(client, "test"),
            metrics,
            timeline -> {
              judged.add(timeline.pod().name());
              return Judge.judge(timeline);
            },
            () -> MonotonicClock.now().plusMillis(later),
            Clock.fixed(Instant.parse("2026-01-01T10:01:00Z"), ZoneOffset.UTC));
    watch.onStart(new StartupEvent());
  }

  @AfterEach
  void stops() {
    watch.onStop(new ShutdownEvent());
  }

  @Test
  void aTerminationIsJudgedOnceForTheReportAndForTheMetrics() {
    // given
    aPodHasEnded();

    // when
    List<ReportedTermination> reported = publish();
    publish();

    // then
    assertThat(judged).containsExactly("web-1");
    assertThat(reported).extracting(ReportedTermination::pod).containsExactly("web-1");
    assertThat(
            registry
                .get("graceful.terminations")
                .tags("verdict", reported.getFirst().verdict())
                .counter()
                .count())
        .isEqualTo(1);
  }

  private List<ReportedTermination> publish() {
    List<RevisionReport> reports =
        publisher
            .publish(Objects.requireNonNull(watch.deployments().get(WEB)), POLICY, null)
            .reports();
    return Objects.requireNonNull(reports.getFirst().status().worstTerminations());
  }

  private void aPodHasEnded() {
    var shop = new Shop(client);
    shop.create(Shop.deployment(Shop.NAMESPACE, "web"));
    String pod = shop.create(Shop.pod(1, shop.create(Shop.replicaSet())));
    shop.create(Shop.slice(1, pod, true, false));
    await().until(() -> watch.deployments().get(WEB) != null);
    await().until(() -> !watch.evidence().ask(o -> o.workload(WEB).clientPorts().tcp()).isEmpty());
    watch
        .evidence()
        .tell(
            new Event.Governed(
                MonotonicClock.now(),
                WEB,
                new ProbeRules(5, ProbePlan.VerifySpec.of(POLICY.getSpec().verify()))));
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
}
