package dev.graceful.e2e;

import static dev.graceful.e2e.Honesty.objection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition.Status;
import dev.graceful.e2e.ClientStats.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HonestyTest {

  private static final Set<Kind> NEW = Set.of(Kind.NEW);
  private static final Set<Kind> BOTH = Set.of(Kind.NEW, Kind.KEEP_ALIVE);
  private static final String HEADER = "kind\toutcome\tlateMicros\tscheduledUnixMicros\n";

  @Test
  void gracefulMeansThatNothingWasDropped() {
    assertThat(objections("Graceful", NEW, "new ok", "keepAlive ok")).isEmpty();
    assertThat(objections("Graceful", NEW, "new ok", "keepAlive reset")).isEmpty();
    assertThat(objections("Graceful", BOTH, "new ok", "keepAlive reset"))
        .containsExactly("nothing bad was found, but 1 were dropped");
    assertThat(objections("Graceful", NEW, "new status")).hasSize(1);
  }

  @Test
  void connectionsServedSpeaksOfConnectionsOnly() {
    assertThat(objections("ConnectionsServed", BOTH, "new reset", "keepAlive closed")).isEmpty();
    assertThat(objections("ConnectionsServed", BOTH, "keepAlive refused")).isEmpty();
    assertThat(objections("ConnectionsServed", NEW, "new refused", "new connectTimeout"))
        .containsExactly("nothing bad was found, but 2 new connections were not taken");
  }

  @Test
  void violationAccountsForWhatWasDroppedBesideIt() {
    var honesty = new Honesty(Set.of("Graceful", "StoppedServingEarly"), Set.of(), BOTH);
    ClientStats clients = clients("new refused", "keepAlive reset");

    assertThat(honesty.objections(2, Map.of("Graceful", 1, "StoppedServingEarly", 1), clients))
        .isEmpty();
    assertThat(honesty.objections(2, Map.of("Graceful", 2), clients)).hasSize(2);
  }

  @Test
  void notApplicableMeansThatNobodyWasSentThere() {
    assertThat(objections("NotApplicable", NEW, "new ok")).isEmpty();
    assertThat(objections("NotApplicable", NEW, "new refused")).hasSize(2);
    assertThat(objections("Inconclusive", NEW, "new refused")).isEmpty();
  }

  @Test
  void violationNeedNotHaveDroppedAnythingInShortRun() {
    assertThat(objections("StoppedServingEarly", BOTH, "new ok")).isEmpty();
  }

  @Test
  void whatIsNotExpectedDisagrees() {
    var honesty = new Honesty(Set.of("Graceful", "ConnectionsServed"), Set.of(), NEW);

    assertThat(honesty.objections(1, Map.of("Inconclusive", 1), clients("new ok")))
        .containsExactly("Inconclusive is not expected, but ConnectionsServed or Graceful");
  }

  @Test
  void conditionIsTrueOnlyOfWhatWasProven() {
    assertThat(objection(Status.True, Map.of("Graceful", 2, "NotApplicable", 1), false)).isEmpty();
    assertThat(objection(Status.True, Map.of("Graceful", 2, "ConnectionsServed", 1), false))
        .hasValue("TerminationsGraceful is True with ConnectionsServed");
    assertThat(objection(Status.True, Map.of("ConnectionsServed", 3), true)).isEmpty();
    assertThat(objection(Status.True, Map.of("KilledAtDeadline", 3), true)).isNotEmpty();
    for (Status claimsNothing : List.of(Status.Unknown, Status.False)) {
      assertThat(objection(claimsNothing, Map.of("ConnectionsServed", 3), false)).isEmpty();
    }
  }

  @Test
  void whatIsThereMustBeSeenOfOnePodAtLeast() {
    var honesty = new Honesty(Set.of("CutConnections", "Graceful"), Set.of("CutConnections"), NEW);
    ClientStats clients = clients("new ok");

    assertThat(honesty.objections(2, Map.of("CutConnections", 1, "Graceful", 1), clients))
        .isEmpty();
    assertThat(honesty.objections(2, Map.of("Graceful", 2), clients))
        .containsExactly("no pod is called CutConnections");
  }

  @Test
  void everyPodHasItsVerdict() {
    var honesty = new Honesty(Set.of("Graceful"), Set.of(), NEW);

    assertThat(honesty.objections(2, Map.of("Graceful", 1), clients("new ok")))
        .containsExactly("2 pods ended and 1 have a verdict");
    assertThat(honesty.objections(1, Map.of(), clients("new ok"))).hasSize(1);
  }

  @Test
  void askedKindIsCounted() {
    ClientStats clients = clients("new ok", "new reset", "keepAlive reset");

    assertThat(new Honesty(Set.of(), Set.of(), NEW).requests(clients)).isEqualTo(2);
    assertThat(new Honesty(Set.of(), Set.of(), NEW).dropped(clients)).isEqualTo(1);
    assertThat(new Honesty(Set.of(), Set.of(), BOTH).dropped(clients)).isEqualTo(2);
  }

  private static List<String> objections(String verdict, Set<Kind> asked, String... requests) {
    return new Honesty(Set.of(verdict), Set.of(), asked)
        .objections(1, Map.of(verdict, 1), clients(requests));
  }

  private static ClientStats clients(String... requests) {
    var log = new StringBuilder(HEADER);
    for (String request : requests) {
      log.append(request.replace(' ', '\t')).append("\t0\t0\n");
    }
    return ClientStats.ofLog(log.toString());
  }
}
