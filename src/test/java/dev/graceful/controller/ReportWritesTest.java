package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerdictCount;
import dev.graceful.api.v1alpha1.WatchedPod;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.ReportStore;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.Observatory;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.evidence.RevisionHistories;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.Exposures;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Judge;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import dev.graceful.telemetry.Metrics;
import dev.graceful.telemetry.PolicyName;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which reports there are, whose they are, and how often and how much of them is written. */
@EnableKubernetesMockClient(crud = true)
class ReportWritesTest {

  private static final WorkloadRef WEB = new WorkloadRef(Shop.NAMESPACE, "web");
  private static final GracefulPolicy POLICY = Shop.policy("gentle", Apply.Never);
  private static final DeploymentFacts DEPLOYMENT =
      DeploymentFacts.from(Shop.deployment(Shop.NAMESPACE, "web"));
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set before each test
  private EvidenceLoop evidence;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Publisher publisher;

  private Tick now = new Tick(0);

  @BeforeEach
  void starts() {
    Logger.getLogger("io.fabric8.mockwebserver.MockWebServer").setLevel(Level.WARNING);
    var metrics = new Metrics(new SimpleMeterRegistry());
    metrics.policy(new PolicyName(Shop.NAMESPACE, "gentle"));
    evidence = new EvidenceLoop(new Observatory(10, address -> true), effect -> {});
    evidence.start();
    publisher =
        new Publisher(
            evidence,
            ref -> new Exposures().of(ref.namespace(), Set.of()),
            new ReportStore(client, WEB::equals),
            new EventPublisher(client, "test"),
            metrics,
            Judge::judge,
            () -> now,
            Clock.fixed(Instant.parse("2026-01-01T10:01:00Z"), ZoneOffset.UTC));
    evidence.tell(
        new Event.Governed(
            now, WEB, new ProbeRules(5, ProbePlan.VerifySpec.of(POLICY.getSpec().verify()))));
  }

  // ------------------------------------------------------------ whose they are

  @Test
  void aReportIsOwnedByTheDeploymentAndNamedAfterTheReplicaSet() {
    // given
    revision(1);
    runs("a", 1);

    // when
    publish();

    // then
    TerminationReport report = report("web-1");
    OwnerReference owner = report.getMetadata().getOwnerReferences().getFirst();
    assertThat(owner.getApiVersion()).isEqualTo("apps/v1");
    assertThat(owner.getKind()).isEqualTo("Deployment");
    assertThat(owner.getName()).isEqualTo("web");
    assertThat(owner.getUid()).isEqualTo(DEPLOYMENT.uid());
    assertThat(report.getMetadata().getLabels())
        .isEqualTo(Map.of("graceful.dev/policy", "gentle", "graceful.dev/deployment", "web"));
    assertThat(report.getSpec().replicaSetUid()).isEqualTo("rs-1");
    assertThat(report.getSpec().revision()).isEqualTo(1);
  }

  @Test
  void theNewestTenOfADeploymentAreKept() {
    // when
    for (int number = 1; number <= 12; number++) {
      revision(number);
      runs("pod-" + number, number);
      publish();
      ends("pod-" + number, number);
      evidence.tell(new Event.RevisionGone(now, new RevisionRef(Shop.NAMESPACE, "rs-" + number)));
      publish();
    }

    // then
    assertThat(reports())
        .extracting(report -> report.getSpec().revision())
        .containsExactlyInAnyOrder(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(publish()).hasSize(10);
  }

  /** Quick releases over long drains: what is not judged yet is not deleted. */
  @Test
  void aReportThatHasPodsToBeJudgedIsNotAmongTheOldest() {
    // given
    for (int number = 1; number <= 12; number++) {
      revision(number);
      runs("pod-" + number, number);
      publish();
    }

    // when
    ends("pod-1", 1);
    publish();
    publish();

    // then
    assertThat(reports()).hasSize(12);
    assertThat(status("web-1").terminations()).isEqualTo(1);
  }

  // ------------------------------------------------------------ revisionHistoryLimit: 0

  @Test
  void aRevisionWhoseReplicaSetIsGoneIsPublishedAndStaysTheLatest() {
    // given
    revision(1);
    runs("a", 1);
    publish();

    // when
    evidence.tell(new Event.RevisionGone(now, new RevisionRef(Shop.NAMESPACE, "rs-1")));
    ends("a", 1);
    publish();

    // then
    assertThat(status("web-1").terminations()).isEqualTo(1);
    assertThat(status("web-1").watchedPods()).isEmpty();
    assertThat(evidence.<List<RevisionHistories>>ask(o -> o.workload(WEB).histories())).isEmpty();
    assertThat(publish())
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.name()).isEqualTo("web-1");
              assertThat(report.revision()).isEqualTo(1);
              assertThat(report.status()).isEqualTo(status("web-1"));
            });
  }

  /** A template that is taken up again has a ReplicaSet of the same name. */
  @Test
  void aReplicaSetThatIsMadeAnewHasAReportOfItsOwn() {
    // given
    revision(1);
    runs("a", 1);
    publish();
    evidence.tell(new Event.RevisionGone(now, new RevisionRef(Shop.NAMESPACE, "rs-1")));

    // when
    tell(new RevisionFacts(Shop.NAMESPACE, "web-1", "rs-3", WEB, 3, 1, "t-1", List.of(APP)));
    runs("c", 3);
    publish();
    ends("a", 1);
    ends("c", 3);
    List<RevisionReport> published = publish();

    // then
    assertThat(published).extracting(RevisionReport::name).containsExactly("web-1", "web-1-3");
    assertThat(status("web-1").terminations()).isEqualTo(1);
    assertThat(status("web-1-3").terminations()).isEqualTo(1);
  }

  @Test
  void whatEndedWithItsReplicaSetWhileTheOperatorWasAwayIsInconclusiveOnce() {
    // given
    revision(1);
    runs("a", 1);
    runs("b", 1);
    publish();
    ends("a", 1);
    publish();

    // when
    starts();
    revision(2);
    publish();
    publish();

    // then
    assertThat(status("web-1").terminations()).isEqualTo(2);
    assertThat(status("web-1").verdicts()).contains(new VerdictCount("Inconclusive", 1));
    assertThat(status("web-1").watchedPods()).isEmpty();
  }

  // ------------------------------------------------------------ how often they are written

  @Test
  void aListThatChangedAloneIsWrittenEveryTenSeconds() {
    // given
    revision(1);
    runs("a", 1);
    publish();
    runs("b", 1);
    now = now.plusMillis(1_000);

    // when
    Publisher.Published early = publishes();
    List<WatchedPod> listedEarly = Objects.requireNonNull(status("web-1").watchedPods());
    now = now.plusMillis(Objects.requireNonNull(early.again()).toMillis());
    Publisher.Published late = publishes();

    // then
    assertThat(early.again()).isEqualTo(Duration.ofSeconds(9));
    assertThat(listedEarly).extracting(WatchedPod::name).containsExactly("a");
    assertThat(late.again()).isNull();
    assertThat(status("web-1").watchedPods())
        .extracting(WatchedPod::name)
        .containsExactly("a", "b");
  }

  @Test
  void aVerdictIsWrittenAtOnceWithTheListOfNow() {
    // given
    revision(1);
    runs("a", 1);
    publish();
    runs("b", 1);
    ends("a", 1);

    // when
    Publisher.Published published = publishes();

    // then
    assertThat(published.again()).isNull();
    assertThat(status("web-1").terminations()).isEqualTo(1);
    assertThat(status("web-1").watchedPods()).extracting(WatchedPod::name).containsExactly("b");
  }

  /** Else an operator that is started again would not miss it. */
  @Test
  void aPodThatEndsBeforeItIsListedIsWrittenFirst() {
    // given
    revision(1);
    runs("a", 1);
    publish();
    runs("b", 1);

    // when
    evidence.tell(new Event.PodSeen(now, pod("b", 1, true, 30L, Map.of())));
    Publisher.Published published = publishes();

    // then
    assertThat(published.again()).isNull();
    assertThat(status("web-1").watchedPods())
        .extracting(WatchedPod::name)
        .containsExactly("a", "b");
  }

  @Test
  void aNeighbourWhoseNineThousandPodsChurnKeepsHeapAndEtcdFlat() throws InterruptedException {
    // given
    int pods = 9_000;
    revision(1);
    IntStream.range(0, pods).forEach(i -> evidence.tell(new Event.PodSeen(now, unscheduled(i))));
    publish();
    writes();
    int mostWaiting = 0;

    // when
    for (int step = 0; step < 120; step++) {
      now = now.plusMillis(500);
      for (int i = 0; i < 25; i++) {
        evidence.tell(new Event.PodGone(now, unscheduled(step * 25 + i), false));
        evidence.tell(new Event.PodSeen(now, unscheduled(pods + step * 25 + i)));
      }
      publish();
      mostWaiting = Math.max(mostWaiting, waiting());
    }

    // then
    List<Integer> sizes = writes();
    assertThat(sizes).as("writes within a minute").hasSizeBetween(1, 6);
    assertThat(sizes).allSatisfy(bytes -> assertThat(bytes).isLessThan(250_000));
    assertThat(mostWaiting).as("verdicts that wait in the heap").isLessThanOrEqualTo(20 * 25);
    assertThat(status("web-1").terminations()).isEqualTo(120 * 25);
    assertThat(status("web-1").unlistedPods()).isEqualTo(pods - 2_000);
  }

  private int waiting() {
    return evidence.ask(o -> o.workload(WEB).histories().getFirst().concluded().size());
  }

  /** The sizes of the reports that were written since the last call, in bytes. */
  private List<Integer> writes() throws InterruptedException {
    List<Integer> sizes = new ArrayList<>();
    for (RecordedRequest request = server.takeRequest(1, TimeUnit.MILLISECONDS);
        request != null;
        request = server.takeRequest(1, TimeUnit.MILLISECONDS)) {
      if (request.getMethod().equals("PUT")) {
        sizes.add(request.getUtf8Body().getBytes(StandardCharsets.UTF_8).length);
      }
    }
    return sizes;
  }

  // ------------------------------------------------------------ what it works with

  private List<RevisionReport> publish() {
    return publishes().reports();
  }

  private Publisher.Published publishes() {
    return publisher.publish(DEPLOYMENT, POLICY, null);
  }

  private List<TerminationReport> reports() {
    return client.resources(TerminationReport.class).inNamespace(Shop.NAMESPACE).list().getItems();
  }

  private TerminationReport report(String name) {
    return Objects.requireNonNull(
        client.resources(TerminationReport.class).inNamespace(Shop.NAMESPACE).withName(name).get());
  }

  private TerminationReportStatus status(String name) {
    return Objects.requireNonNull(report(name).getStatus());
  }

  private void revision(int number) {
    tell(
        new RevisionFacts(
            Shop.NAMESPACE,
            "web-" + number,
            "rs-" + number,
            WEB,
            number,
            1,
            "t-" + number,
            List.of(APP)));
  }

  private void tell(RevisionFacts revision) {
    evidence.tell(new Event.RevisionSeen(now, revision));
  }

  private void runs(String name, int revision) {
    evidence.tell(new Event.PodSeen(now, pod(name, revision, true, null, Map.of())));
  }

  private void ends(String name, int revision) {
    evidence.tell(new Event.PodSeen(now, pod(name, revision, true, 30L, Map.of())));
    evidence.tell(
        new Event.PodSeen(
            now, pod(name, revision, false, 30L, Map.of("app", new Exit(0, "Completed", null)))));
  }

  private static PodFacts unscheduled(int number) {
    return pod("web-5d4f8c7b9d-%05d".formatted(number), 1, false, null, Map.of());
  }

  private static PodFacts pod(
      String name, int revision, boolean ready, @Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        new PodRef(Shop.NAMESPACE, name, "uid-of-" + name),
        "rs-" + revision,
        null,
        ready,
        30,
        grace,
        false,
        null,
        null,
        null,
        false,
        List.of(APP),
        exits);
  }
}
