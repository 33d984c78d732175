package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod that was not ready when it was deleted. Times are milliseconds since its deletion. */
class UnreadyTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts UNREADY = new EndpointFacts(false, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());

  private final Watched watched = new Watched(10);

  @BeforeEach
  void aPodThatWasReadyForADay() {
    watched.govern(
        WEB,
        new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.Connect, null, null, List.of())));
    watched.replicaSet(
        new RevisionFacts("shop", "web-1", "rs-1", WEB, 1, 3, "t", List.of(APP)), at(-90_000_000));
    pod(true, null, -90_000_000);
    slice("s", READY, -89_999_900);
  }

  /** Report r09: a bad release turns unready, and its undo ends it. */
  @Test
  void r09AnUnreadyPodMayEndAsItLikes() {
    // given
    pod(false, null, -600_000);
    slice("s", UNREADY, -599_900);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isEqualTo(new Unready(599_900, 600_000));
    assertThat(verdict()).isEqualTo("NotApplicable");
    assertThat(watched.started).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "-5000, -5000, -5000, NotApplicable",
    "-5001, -4999, -4999, Inconclusive",
    "-4999, -5001, -4999, Inconclusive"
  })
  void countsFromWhenTheLastOfItsConditionAndItsSlicesSaidSo(
      long notReadyMillis, long absentMillis, long leftMillis, String verdict) {
    // given
    pod(false, null, notReadyMillis);
    slice("s", UNREADY, absentMillis);
    pod(false, null, -100);
    slice("s", UNREADY, -100);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isEqualTo(new Unready(-absentMillis, -notReadyMillis));
    assertThat(timeline().leftMillis()).isEqualTo(leftMillis);
    assertThat(verdict()).isEqualTo(verdict);
    assertThat(watched.started).hasSize(verdict.equals("NotApplicable") ? 0 : 1);
  }

  @Test
  void aShutdownThatFailsReadinessIsNoUnreadiness() {
    // given
    slice("s", LEFT, -20);
    pod(false, 30L, 0);
    slice("s", UNREADY, 20);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isNull();
    assertThat(verdict()).isEqualTo("StoppedServingEarly");
  }

  @Test
  void whatTheDeletionBroughtWithItIsNotOfBefore() {
    // given
    slice("s", UNREADY, -14_999);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isEqualTo(new Unready(14_999, 0));
    assertThat(timeline().leftMillis()).isEqualTo(40);
    assertThat(verdict()).isEqualTo("StoppedServingEarly");
  }

  @Test
  void noClientIsSentToAPodThatNoSliceHadAsReadyForLong() {
    // given
    slice("s", UNREADY, -15_000);

    // when
    deletedAndKilled();

    // then
    assertThat(verdict()).isEqualTo("NotApplicable");
  }

  @Test
  void aPodThatWasReadyAgainHasClients() {
    // given
    pod(false, null, -600_000);
    slice("s", UNREADY, -600_000);
    pod(true, null, -4_000);
    slice("s", READY, -3_900);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isNull();
    assertThat(verdict()).isEqualTo("StoppedServingEarly");
  }

  @Test
  void aPodThatIsReadyInOneOfTwoSlicesHasClients() {
    // given
    slice("another", READY, -700_000);
    pod(false, null, -600_000);
    slice("s", UNREADY, -600_000);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isNull();
  }

  @Test
  void whatTheOperatorDidNotSeeDoesNotCount() {
    // given
    pod(false, null, -600_000);
    slice("s", UNREADY, -600_000);

    // when
    watched.blind(at(-9_000), at(-4_000));
    deletedAndKilled();

    // then
    assertThat(timeline().unready()).isEqualTo(new Unready(4_000, 4_000));
    assertThat(verdict()).isEqualTo("Inconclusive");
  }

  @Test
  void theLastOfItsServiceHadLeftBefore() {
    // given
    pod(false, null, -3_000);
    slice("s", UNREADY, -3_000);

    // when
    deletedAndKilled();

    // then
    assertThat(timeline().lastOfItsService()).isFalse();
  }

  @Test
  void aPodThatWasNeverReadyIsSentNothing() {
    // given
    watched.pod(facts("b", false, null, Map.of()), at(-9_000));
    watched.slice(
        new SliceFacts(
            "shop", "s", "web", false, Set.of(8080), Set.of(), Map.of("a", READY, "b", UNREADY)),
        at(-9_000));

    // when
    watched.pod(facts("b", false, 30L, Map.of()), at(0));

    // then
    assertThat(watched.started).isEmpty();
  }

  private void deletedAndKilled() {
    pod(false, 30L, 0);
    slice("s", LEFT, 40);
    watched.slice(
        new SliceFacts("shop", "another", "web", false, Set.of(8080), Set.of(), Map.of("a", LEFT)),
        at(41));
    watched.connected("a", ConnectOutcome.Refused, at(50));
    watched.connected("a", ConnectOutcome.Refused, at(60));
    watched.pod(facts("a", false, 30L, Map.of("app", new Exit(143, "Error", null))), at(100));
    watched.tick(at(3_000));
  }

  private void pod(boolean ready, @Nullable Long grace, long millis) {
    watched.pod(facts("a", ready, grace, Map.of()), at(millis));
  }

  private void slice(String name, EndpointFacts endpoint, long millis) {
    watched.slice(
        new SliceFacts("shop", name, "web", false, Set.of(8080), Set.of(), Map.of("a", endpoint)),
        at(millis));
  }

  private Timeline timeline() {
    return Interpreter.timeline(watched.histories(WEB).getFirst().concluded().getFirst());
  }

  private String verdict() {
    return Judge.judge(timeline()).verdict().name();
  }

  private static PodFacts facts(
      String name, boolean ready, @Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        new PodRef("shop", name, name),
        "rs-1",
        "a".equals(name) ? "10.0.0.1" : "10.0.0.2",
        ready,
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
