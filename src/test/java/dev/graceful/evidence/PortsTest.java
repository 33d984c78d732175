package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ContainerFacts.HttpReadiness;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.Ports;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Verification;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Report r06: a pod with several ports that clients use, and requests for one of them. */
class PortsTest {

  private static final WorkloadRef CATALOG = new WorkloadRef("shop", "catalog");
  private static final RevisionRef REVISION = new RevisionRef("shop", "rs-1");
  private static final PodRef POD = new PodRef("shop", "catalog-a", "a");
  private static final String ADDRESS = "10.0.0.1";
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final Baseline ANSWERS =
      new Baseline(true, true, Baseline.Keeping.Kept, 3, 200, null);
  private static final ProbePlan READINESS = new ProbePlan(8081, false, "/ready", true);
  private static final ContainerFacts APP =
      new ContainerFacts(
          "app",
          false,
          0,
          true,
          new HttpReadiness("/ready", 8081, false),
          Set.of(8080, 8081),
          Map.of());

  private final Watched watched = new Watched(10);

  @BeforeEach
  void aReadyPodOfAGovernedDeployment() {
    watched.govern(
        CATALOG, new ProbeRules(5, new ProbePlan.VerifySpec(null, null, null, List.of())));
    watched.replicaSet(
        new RevisionFacts("shop", "catalog-1", "rs-1", CATALOG, 1, 1, "t-1", List.of(APP)),
        at(-3_000));
    watched.pod(pod(null, Map.of()), at(-2_000));
  }

  @Test
  void thePortOfItsReadinessIsAskedAndTheOtherConnectedToR06() {
    // given
    slice("catalog", Set.of(8080, 8081), READY, -1_000);
    watched.met(REVISION, ANSWERS);
    watched.reached(REVISION, 8080);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    watched.connected("a", 8081, ConnectOutcome.Answered, at(5));
    watched.connected("a", 8080, ConnectOutcome.Refused, at(10));
    watched.connected("a", 8080, ConnectOutcome.Refused, at(110));
    slice("catalog", Set.of(8080, 8081), LEFT, 40);
    exits();

    // then
    var main = new PodPort(ADDRESS, 8080);
    assertThat(watched.toTry).extracting(ProbeTarget::others).containsExactly(List.of(main));
    assertThat(watched.started)
        .containsExactly(
            new ProbeTarget(CATALOG, REVISION, POD, ADDRESS, READINESS, List.of(main), ANSWERS));
    assertThat(concluded().connectionAttempts())
        .containsExactly(new ConnectionAttempt(5, ConnectOutcome.Answered));
    assertThat(concluded().ports())
        .isEqualTo(
            new Ports(
                new ProbedPort(8081, List.of("catalog"), true),
                List.of(
                    new Ports.Other(
                        new ProbedPort(8080, List.of("catalog"), true),
                        List.of(
                            new ConnectionAttempt(10, ConnectOutcome.Refused),
                            new ConnectionAttempt(110, ConnectOutcome.Refused)))),
                0,
                false));
  }

  @Test
  void aPortThatNeverAcceptedIsNotReached() {
    // given
    slice("catalog", Set.of(8080, 8081), READY, -1_000);
    watched.met(REVISION, ANSWERS);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    watched.connected("a", 8080, ConnectOutcome.Refused, at(10));
    exits();

    // then
    assertThat(concluded().ports().reached()).extracting(ProbedPort::number).containsExactly(8081);
    assertThat(concluded().verification()).isEqualTo(Verification.Reached);
  }

  @Test
  void aPortThatAcceptsWhileItEndsIsReached() {
    // given
    slice("catalog", Set.of(8080, 8081), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    watched.connected("a", 8080, ConnectOutcome.Accepted, at(10));
    watched.connected("a", 8081, ConnectOutcome.Refused, at(10));
    exits();

    // then
    assertThat(concluded().ports().reached()).extracting(ProbedPort::number).containsExactly(8080);
    assertThat(concluded().verification()).isEqualTo(Verification.Reached);
  }

  @Test
  void eachPortNamesTheServicesThatLeadToIt() {
    // given
    slice("catalog", Set.of(8080, 8081), READY, -1_000);
    slice("admin", Set.of(8081), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    exits();

    // then
    assertThat(concluded().ports().tried())
        .extracting(ProbedPort::shown)
        .containsExactly("port 8081 (Services admin, catalog)", "port 8080 (Service catalog)");
  }

  /** The slices of two Services come one after the other. */
  @Test
  void whatThePortsOfALaterSliceChangeIsMeasuredAnew() {
    // given
    slice("catalog", Set.of(8080), READY, -1_000);
    watched.met(REVISION, new Baseline(true, false, Baseline.Keeping.Unknown, 0, 0, null));

    // when
    slice("admin", Set.of(8081), READY, -990);
    slice("admin", Set.of(8081), READY, -980);
    watched.met(REVISION, ANSWERS);
    watched.pod(pod(30L, Map.of()), at(0));

    // then
    assertThat(watched.toMeet)
        .extracting(target -> target.asking().port())
        .containsExactly(8080, 8081);
    assertThat(watched.started).extracting(ProbeTarget::asking).containsExactly(READINESS);
    assertThat(watched.started).extracting(ProbeTarget::met).containsExactly(ANSWERS);
  }

  @Test
  void aBaselineOfAnotherPortThatComesLateIsNotTakenForThisOne() {
    // given
    slice("catalog", Set.of(8080), READY, -1_000);
    slice("admin", Set.of(8081), READY, -990);

    // when
    watched.step(
        new Event.BaselineMeasured(
            at(-980), REVISION, new ProbePlan(8080, false, null, false), ANSWERS));
    watched.pod(pod(30L, Map.of()), at(0));

    // then
    assertThat(watched.started).extracting(ProbeTarget::met).containsOnlyNulls();
  }

  @Test
  void atMostFourPortsAreConnectedTo() {
    // given
    slice("catalog", Set.of(8081, 1, 2, 3, 4, 5), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    exits();

    // then
    assertThat(watched.toTry.getFirst().others())
        .extracting(PodPort::number)
        .containsExactly(1, 2, 3);
    assertThat(concluded().ports().tried())
        .extracting(ProbedPort::number)
        .containsExactly(8081, 1, 2, 3);
    assertThat(concluded().ports().untried()).isEqualTo(2);
  }

  @Test
  void aPolicyNarrowsThePorts() {
    // given
    govern(8080);
    slice("catalog", Set.of(8080, 8081), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    exits();

    // then
    assertThat(watched.toTry).isEmpty();
    assertThat(concluded().ports().tried()).extracting(ProbedPort::number).containsExactly(8080);
    assertThat(concluded().ports().untried()).isEqualTo(1);
  }

  @Test
  void aPolicyThatNamesNoneOfThePortsHasNoneVerified() {
    // given
    govern(9999);
    slice("catalog", Set.of(8080, 8081), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    exits();

    // then
    assertThat(watched.started).isEmpty();
    assertThat(concluded().verification()).isEqualTo(Verification.NoPortNamed);
  }

  @Test
  void aPodThatClientsReachByUdpAloneIsExposedAndNotVerified() {
    // given
    slice("dns", Set.of(), Set.of(53), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    slice("dns", Set.of(), Set.of(53), LEFT, 40);
    exits();

    // then
    assertThat(watched.toMeet).isEmpty();
    assertThat(watched.started).isEmpty();
    assertThat(concluded().exposed()).isTrue();
    assertThat(concluded().leftMillis()).isEqualTo(40);
    assertThat(concluded().verification()).isEqualTo(Verification.NoTcpPort);
  }

  /** As one for DNS alone may be. */
  @Test
  void aPodOfAServiceThatNamesNoPortIsExposedAndNotVerified() {
    // given
    slice("headless", Set.of(), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    exits();

    // then
    assertThat(concluded().exposed()).isTrue();
    assertThat(concluded().verification()).isEqualTo(Verification.NoTcpPort);
  }

  @Test
  void aPodWithBothIsJudgedByTcpAndTheWordIsThatUdpWasNot() {
    // given
    slice("dns", Set.of(8080), Set.of(53), READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    watched.connected("a", 8080, ConnectOutcome.Accepted, at(10));
    exits();

    // then
    assertThat(concluded().verification()).isEqualTo(Verification.Reached);
    assertThat(RestsOn.Connections.message(null, concluded().ports()))
        .isEqualTo("connections: port 8080 (Service dns); UDP and SCTP were not tested");
  }

  private void govern(int port) {
    watched.govern(
        CATALOG,
        new ProbeRules(
            5, new ProbePlan.VerifySpec(null, null, null, List.of(new IntOrString(port)))));
  }

  @Test
  void portsThatChangeAllTheTimeAreNotTriedForEver() {
    // when
    for (int port = 1; port <= 100; port++) {
      slice("catalog", Set.of(port, 8081), READY, -1_000 + port);
    }

    // then
    assertThat(watched.toTry).hasSize(16);
    assertThat(watched.toMeet).hasSize(1);
  }

  private Timeline concluded() {
    return Watched.timelines(watched.histories(CATALOG).getFirst()).getFirst();
  }

  private void exits() {
    watched.pod(pod(30L, Map.of("app", new Exit(0, "Completed", null))), at(12_000));
    watched.tick(at(15_000));
  }

  private void slice(String service, Set<Integer> ports, EndpointFacts endpoint, long millis) {
    slice(service, ports, Set.of(), endpoint, millis);
  }

  private void slice(
      String service, Set<Integer> ports, Set<Integer> udp, EndpointFacts endpoint, long millis) {
    watched.slice(
        new SliceFacts(
            "shop", service + "-x", service, false, ports, udp, Map.of(POD.uid(), endpoint)),
        at(millis));
  }

  private static PodFacts pod(@Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        POD, "rs-1", ADDRESS, true, 0, grace, false, null, null, null, false, List.of(APP), exits);
  }

  private static Tick at(long millis) {
    return new Tick(0).plusMillis(millis);
  }
}
