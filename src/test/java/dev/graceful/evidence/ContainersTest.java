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
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.ContainerEnd.Role;
import dev.graceful.judge.Ending;
import dev.graceful.judge.FailedHook;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Verdict;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.KilledAtDeadline;
import dev.graceful.judge.hint.OtherContainerFailed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose end it is, and whose hook. Times are milliseconds since the deletion. */
class ContainersTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final EndpointFacts READY = new EndpointFacts(true, false);
  private static final EndpointFacts LEFT = new EndpointFacts(false, true);
  private static final Exit COMPLETED = new Exit(0, "Completed", 12L);
  private static final Exit FAILED = new Exit(2, "Error", 0L);
  private static final Exit KILLED = new Exit(137, "Error", 30L);
  private static final Exit TERMINATED = new Exit(143, "Error", 0L);

  private Watched watched = new Watched(10);

  /** Report r04: a database proxy without a port of its own ends with 2. */
  @Test
  void r04aTheErrorOfAContainerThatMayNotServeIsAdviceAsTheOtherServedOn() {
    // when
    ends(plain("dbproxy"), FAILED, plain("app"), COMPLETED, 12_000);

    // then
    Verdict verdict = verdict();
    assertThat(verdict.name()).isEqualTo("ConnectionsServed");
    assertThat(verdict.hints())
        .contains(new OtherContainerFailed("dbproxy", "ended with exit code 2"));
  }

  @Test
  void r04bTheWorstEndCountsInWhateverOrder() {
    for (boolean first : List.of(true, false)) {
      // when
      ends(
          plain("one"),
          first ? KILLED : TERMINATED,
          plain("other"),
          first ? TERMINATED : KILLED,
          30_000);

      // then
      assertThat(verdict().findings())
          .extracting(Finding::getClass)
          .isEqualTo(List.of(KilledAtDeadline.class));
      assertThat(verdict().first().message()).contains(first ? "container one" : "container other");
    }
  }

  @Test
  void theRolesFollowFromWhatTheTemplateDeclares() {
    assertThat(roles(plain("a"), plain("b"))).containsExactly(Role.MayServe, Role.MayServe);
    assertThat(roles(declaring("a", 8080), plain("b"))).containsExactly(Role.Serves, Role.Helps);
    assertThat(roles(declaring("a", 9090), plain("b")))
        .containsExactly(Role.MayServe, Role.MayServe);
    assertThat(roles(probed("a"), plain("b"))).containsExactly(Role.Serves, Role.MayServe);
  }

  @Test
  void theHookOfAContainerThatServesCountsBeforeThatOfAnother() {
    // given
    begin(declaring("app", 8080), plain("log"));
    watched.pod(facts(List.of(declaring("app", 8080), plain("log")), 30L, Map.of()), at(0));

    // when
    watched.hookFailed("shop", "a", "log", at(10));
    watched.hookFailed("shop", "a", "app", at(20));
    over(Map.of("app", COMPLETED), List.of(declaring("app", 8080), plain("log")), 1_000);

    // then
    assertThat(timeline().hookFailed()).isEqualTo(new FailedHook("app", Role.Serves));
  }

  @Test
  void aHookOfNoNameIsTakenForOneOfAContainerThatServes() {
    // given
    begin(declaring("app", 8080), plain("log"));
    watched.pod(facts(List.of(declaring("app", 8080), plain("log")), 30L, Map.of()), at(0));

    // when
    watched.hookFailed("shop", "a", "", at(10));
    over(Map.of("app", COMPLETED), List.of(declaring("app", 8080), plain("log")), 1_000);

    // then
    assertThat(timeline().hookFailed()).isEqualTo(new FailedHook("", Role.Serves));
  }

  @Test
  void aContainerEndedEarlierThanTheLastByWhatItsNodeSays() {
    // given
    var app = new ContainerEnd("app", Role.Serves, new Exit(0, "", 11L));
    var admin = new ContainerEnd("admin", Role.Serves, new Exit(0, "", 3L));
    var unknown = new ContainerEnd("api", Role.Serves, new Exit(0, "", null));
    var late = new ContainerEnd("log", Role.Helps, new Exit(0, "", 20L));
    var ending = new Ending(12_000, List.of(app, admin, unknown, late));

    // then
    assertThat(Stream.of(app, admin, unknown, late).map(ending::endedMillis))
        .containsExactly(12_000L, 5_000L, 12_000L, 12_000L);
  }

  private List<Role> roles(ContainerFacts one, ContainerFacts other) {
    ends(one, COMPLETED, other, COMPLETED, 12_000);
    return Stream.ofNullable(timeline().ending())
        .flatMap(ending -> ending.containers().stream())
        .map(ContainerEnd::role)
        .toList();
  }

  private void ends(
      ContainerFacts one, Exit itsExit, ContainerFacts other, Exit othersExit, long millis) {
    List<ContainerFacts> containers = List.of(one, other);
    begin(one, other);
    watched.pod(facts(containers, 30L, Map.of()), at(0));
    slice(LEFT, 40);
    watched.connected("a", ConnectOutcome.Accepted, at(100));
    watched.connected("a", ConnectOutcome.Accepted, at(6_000));
    over(Map.of(one.name(), itsExit, other.name(), othersExit), containers, millis);
  }

  /** Report r03: containers that are injected at creation are not in the template. */
  @Test
  void containersThatOnlyThePodsHaveAreInjectedR03() {
    // given
    begin(plain("app"), plain("log"));
    assertThat(watched.injected(WEB)).isEmpty();

    // when
    var hooked = new ContainerFacts("agent", true, 6, false, null, Set.of(), Map.of());
    List<ContainerFacts> all =
        List.of(plain("app"), plain("log"), plain("istio-proxy"), plain("agent-2"), hooked);
    watched.pod(facts(all, null, Map.of()), at(-500));

    // then
    assertThat(watched.injected(WEB)).containsExactly("agent-2", "istio-proxy");
  }

  /** What a pod is made of may be as much as the API takes. */
  @Test
  void onlyAFewInjectedContainersAreKept() {
    // given
    begin(plain("app"), plain("log"));

    // when
    List<ContainerFacts> many =
        Stream.iterate(100, n -> n + 1).limit(200).map(n -> plain("c" + n)).toList();
    watched.pod(facts(many, null, Map.of()), at(-500));

    // then
    assertThat(watched.injected(WEB)).hasSizeBetween(1, 16);
  }

  private void begin(ContainerFacts one, ContainerFacts other) {
    watched = new Watched(10);
    watched.govern(
        WEB,
        new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.Connect, null, null, List.of())));
    watched.replicaSet(
        new RevisionFacts("shop", "web-1", "rs-1", WEB, 1, 3, "t", List.of(one, other)),
        at(-3_000));
    watched.pod(facts(List.of(one, other), null, Map.of()), at(-2_000));
    slice(READY, -1_000);
  }

  private void over(Map<String, Exit> exits, List<ContainerFacts> containers, long millis) {
    watched.pod(facts(containers, 30L, exits), at(millis));
    watched.tick(at(millis + 3_000));
  }

  private void slice(EndpointFacts endpoint, long millis) {
    watched.slice(
        new SliceFacts(
            "shop", "s", "web", false, Set.of(8080), Set.of(), Map.of("a", endpoint, "b", READY)),
        at(millis));
  }

  private Timeline timeline() {
    return Interpreter.timeline(watched.histories(WEB).getFirst().concluded().getFirst());
  }

  private Verdict verdict() {
    return Judge.judge(timeline()).verdict();
  }

  private static ContainerFacts plain(String name) {
    return new ContainerFacts(name, false, 0, false, null, Set.of(), Map.of());
  }

  private static ContainerFacts declaring(String name, int port) {
    return new ContainerFacts(name, false, 0, false, null, Set.of(port), Map.of());
  }

  private static ContainerFacts probed(String name) {
    return new ContainerFacts(
        name,
        false,
        0,
        true,
        new ContainerFacts.HttpReadiness("/ready", 8080, false),
        Set.of(),
        Map.of());
  }

  private static PodFacts facts(
      List<ContainerFacts> containers, @Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        new PodRef("shop", "a", "a"),
        "rs-1",
        "10.0.0.1",
        true,
        30,
        grace,
        false,
        null,
        null,
        null,
        false,
        containers,
        exits);
  }

  private static Tick at(long millis) {
    return new Tick(0).plusMillis(millis);
  }
}
