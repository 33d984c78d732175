package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Report r08: a Service that publishes unready addresses, by which pods find each other, beside the
 * one that clients use.
 */
class DiscoveryTest {

  private static final WorkloadRef IDP = new WorkloadRef("shop", "idp");
  private static final PodRef POD = new PodRef("shop", "idp-a", "a");
  private static final String DISCOVERY = "idp-discovery";
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final EndpointFacts STILL_READY = new EndpointFacts(true, true);
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080, 7800), Map.of());

  private final Watched watched = new Watched(10);

  @BeforeEach
  void aReadyPodOfAGovernedDeployment() {
    watched.govern(
        IDP,
        new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.Connect, null, null, List.of())));
    watched.replicaSet(
        new RevisionFacts("shop", "idp-1", "rs-1", IDP, 1, 1, "t-1", List.of(APP)), at(-3_000));
    watched.pod(pod(null, Map.of()), at(-2_000));
  }

  /** Whatever is seen first. */
  @ParameterizedTest
  @CsvSource({"-2500", "-900", "-50"})
  void itKeepsNoPodFromLeavingR08(long serviceSeen) {
    // given
    if (serviceSeen < -1_000) {
      discovery(true, serviceSeen);
    }
    slice("idp", 8080, READY, -1_000);
    slice(DISCOVERY, 7800, READY, -1_000);
    if (serviceSeen > -1_000) {
      discovery(true, serviceSeen);
    }

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    slice("idp", 8080, LEFT, 100);
    slice(DISCOVERY, 7800, STILL_READY, 110);
    exits();

    // then
    assertThat(concluded().leftMillis()).isEqualTo(100);
    assertThat(watched.started).extracting(target -> target.asking().port()).containsExactly(8080);
  }

  @Test
  void itIsNamedAndIsNoWayOfClientsR08() {
    // given
    slice("idp", 8080, READY, -1_000);
    slice(DISCOVERY, 7800, READY, -1_000);

    // when
    discovery(true, -900);

    // then
    assertThat(ports()).isEqualTo(new ClientPorts(true, Set.of(8080), Set.of(), Set.of(DISCOVERY)));
    assertThat(watched.observatory.workload(IDP).services()).containsExactly("idp");
  }

  @Test
  void behindItAloneNoPodIsExposed() {
    // given
    discovery(true, -2_000);
    slice(DISCOVERY, 7800, READY, -1_000);

    // when
    watched.pod(pod(30L, Map.of()), at(0));
    slice(DISCOVERY, 7800, STILL_READY, 110);
    exits();

    // then
    assertThat(concluded().exposed()).isFalse();
    assertThat(watched.toMeet).isEmpty();
    assertThat(watched.started).isEmpty();
  }

  @Test
  void aPodThatJoinsItWakesItsDeploymentOnce() {
    // given
    discovery(true, -2_000);
    watched.clear();

    // when
    slice(DISCOVERY, 7800, READY, -1_000);
    boolean woken = watched.changed.contains(IDP);
    watched.clear();
    slice(DISCOVERY, 7800, new EndpointFacts(false, false), -900);

    // then
    assertThat(woken).isTrue();
    assertThat(watched.changed).isEmpty();
  }

  @Test
  void aServiceThatIsOneNoLongerIsAWayOfClients() {
    // given
    discovery(true, -2_000);
    slice(DISCOVERY, 7800, READY, -1_000);
    watched.clear();

    // when
    discovery(false, -900);

    // then
    assertThat(ports()).isEqualTo(new ClientPorts(true, Set.of(7800), Set.of(), Set.of()));
    assertThat(watched.changed).containsExactly(IDP);
    assertThat(watched.toMeet).hasSize(1);
  }

  @Test
  void oneThatIsGoneSaysNothingOfTheNextOfItsName() {
    // given
    discovery(true, -2_000);
    watched.serviceGone("shop", DISCOVERY, at(-1_900));

    // when
    slice(DISCOVERY, 7800, READY, -1_000);

    // then
    assertThat(ports().tcp()).containsExactly(7800);
  }

  @Test
  void oneOfAnotherNamespaceSaysNothing() {
    // given
    watched.service("evil", "idp", true, at(-2_000));

    // when
    slice("idp", 8080, READY, -1_000);

    // then
    assertThat(ports().exposed()).isTrue();
  }

  private ClientPorts ports() {
    return watched.observatory.workload(IDP).clientPorts();
  }

  private Timeline concluded() {
    return Watched.timelines(watched.histories(IDP).getFirst()).getFirst();
  }

  private void exits() {
    watched.pod(pod(30L, Map.of("app", new Exit(0, "Completed", null))), at(20_000));
    watched.tick(at(23_000));
  }

  private void discovery(boolean is, long millis) {
    watched.service("shop", DISCOVERY, is, at(millis));
  }

  private void slice(String service, int port, EndpointFacts endpoint, long millis) {
    watched.slice(
        new SliceFacts(
            "shop",
            service + "-x",
            service,
            false,
            Set.of(port),
            Set.of(),
            Map.of(POD.uid(), endpoint)),
        at(millis));
  }

  private static PodFacts pod(@Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        POD,
        "rs-1",
        "10.0.0.1",
        true,
        0,
        grace,
        false,
        null,
        null,
        null,
        false,
        List.of(APP),
        exits);
  }

  private static Tick at(long millis) {
    return new Tick(0).plusMillis(millis);
  }
}
