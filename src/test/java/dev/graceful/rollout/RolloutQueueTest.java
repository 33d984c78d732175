package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.Turn.Later;
import dev.graceful.rollout.Turn.Now;
import dev.graceful.rollout.Turn.Stopped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutQueueTest {

  private static final WorkloadRef A = new WorkloadRef("shop", "a");
  private static final WorkloadRef B = new WorkloadRef("shop", "b");
  private static final WorkloadRef C = new WorkloadRef("shop", "c");
  private static final WorkloadRef D = new WorkloadRef("shop", "d");
  private static final List<WorkloadRef> ALL = List.of(A, B, C, D);

  private final List<WorkloadRef> woken = new ArrayList<>();
  private final Line one = new Line(new RolloutQueue(1), woken);
  private final Line three = new Line(new RolloutQueue(3), woken);

  /** A queue whose users wake those whom it names. */
  private record Line(RolloutQueue queue, List<WorkloadRef> woken) {

    Turn ask(WorkloadRef ref, List<WorkloadRef> all) {
      RolloutQueue.Asked asked = queue.ask(ref, all);
      woken.addAll(asked.wake());
      return asked.turn();
    }

    void rolls(WorkloadRef ref, Optional<String> stuck) {
      woken.addAll(queue.rolls(ref, stuck));
    }

    void rests(WorkloadRef ref) {
      woken.addAll(queue.rests(ref));
    }

    boolean isRolling(WorkloadRef ref) {
      return queue.isRolling(ref);
    }
  }

  @Test
  void nobodysTurnComesBeforeAllHaveBeenSeen() {
    assertThat(one.ask(A, ALL)).isEqualTo(new Later(0, Optional.empty()));
    assertThat(one.ask(B, ALL)).isInstanceOf(Later.class);
    one.rests(C);
    assertThat(one.ask(A, ALL)).isInstanceOf(Later.class);

    // when one is found that was being rolled as the process began
    one.rolls(D, Optional.empty());

    // then
    assertThat(one.ask(A, ALL)).isEqualTo(new Later(0, Optional.of(D)));
  }

  @Test
  void theLastOneThatIsSeenWakesThoseBeforeIt() {
    // given
    one.ask(A, ALL);
    one.ask(B, ALL);
    one.ask(C, ALL);
    woken.clear();

    // when
    Turn last = one.ask(D, ALL);

    // then
    assertThat(last).isEqualTo(new Later(3, Optional.empty()));
    assertThat(woken).containsExactly(A);
    assertThat(one.ask(A, ALL)).isEqualTo(new Now());
  }

  @Test
  void theyAreRolledOneAfterTheOtherInTheirOrder() {
    // given
    List<WorkloadRef> rolled = new ArrayList<>();
    ALL.forEach(ref -> one.ask(ref, ALL));

    // when
    for (int i = 0; i < ALL.size(); i++) {
      for (WorkloadRef ref : ALL.reversed()) {
        if (!rolled.contains(ref) && one.ask(ref, ALL) instanceof Now) {
          rolled.add(ref);
        }
      }
      assertThat(rolled).hasSize(i + 1);
      one.rests(rolled.getLast());
    }

    // then
    assertThat(rolled).isEqualTo(ALL);
  }

  @Test
  void asManyAsTheBudgetAllowsAreRolledAtOnce() {
    // given
    ALL.forEach(three::rests);

    // when, then
    assertThat(three.ask(A, ALL)).isEqualTo(new Now());
    assertThat(three.ask(B, ALL)).isEqualTo(new Now());
    assertThat(three.ask(C, ALL)).isEqualTo(new Now());
    assertThat(three.ask(D, ALL)).isEqualTo(new Later(0, Optional.of(A)));
    assertThat(ALL).filteredOn(three::isRolling).containsExactly(A, B, C);
  }

  @Test
  void oneThatSettlesWakesTheNext() {
    // given
    ALL.forEach(one::rests);
    one.ask(A, ALL);
    one.ask(B, ALL);
    one.ask(C, ALL);
    one.rolls(A, Optional.empty());
    woken.clear();

    // when
    one.rests(A);

    // then
    assertThat(woken).containsExactly(B);
    assertThat(one.isRolling(A)).isFalse();
    assertThat(one.ask(C, ALL)).isInstanceOf(Later.class);
    assertThat(one.ask(B, ALL)).isEqualTo(new Now());
  }

  @Test
  void nothingNewWakesNobody() {
    // given
    ALL.forEach(one::rests);
    one.ask(A, ALL);
    one.ask(B, ALL);
    woken.clear();

    // when
    one.rolls(A, Optional.empty());
    one.rests(C);

    // then
    assertThat(woken).isEmpty();
  }

  @Test
  void oneThatIsLookedAtAgainWakesNobody() {
    // given
    one.ask(A, ALL);

    // when
    one.rests(B);
    one.rests(B);
    one.rolls(C, Optional.of("quota"));
    one.rolls(C, Optional.of("quota"));

    // then each has woken it once
    assertThat(woken).containsExactly(A, A);
  }

  @Test
  void oneThatLeavesTheLineWakesTheNext() {
    // given
    one.ask(A, ALL);
    one.ask(B, ALL);
    woken.clear();

    // when
    one.rests(A);

    // then
    assertThat(woken).containsExactly(B);
  }

  @Test
  void thoseWhoWaitDoNotWakeOneAnother() {
    // given
    ALL.forEach(one::rests);
    one.ask(A, ALL);
    one.ask(B, ALL);
    one.ask(C, ALL);
    woken.clear();

    // when one of them is looked at again and again
    one.rests(B);
    one.ask(B, ALL);
    one.rests(C);
    one.ask(C, ALL);

    // then
    assertThat(woken).isEmpty();
  }

  @Test
  void oneThatIsStuckLeavesOtherNamespacesTheirTurn() {
    // given
    var other = new WorkloadRef("apps", "z");
    List<WorkloadRef> all = List.of(other, A, B, C, D);
    all.forEach(one::rests);
    one.ask(A, all);
    one.ask(B, all);
    one.ask(other, all);
    woken.clear();

    // when
    one.rolls(A, Optional.of("exceeded quota: shop"));

    // then B is to say so, and the other goes on
    assertThat(woken).containsExactlyInAnyOrder(other, B);
    assertThat(one.ask(other, all)).isEqualTo(new Now());
    assertThat(one.ask(B, all)).isEqualTo(new Stopped(A, "exceeded quota: shop"));
  }

  @Test
  void oneThatIsStuckStopsItsNamespaceUntilItIsNot() {
    // given
    ALL.forEach(three::rests);
    three.ask(A, ALL);
    woken.clear();

    // when
    three.rolls(A, Optional.of("It has timed out."));
    Turn stopped = three.ask(B, ALL);
    three.rolls(A, Optional.empty());
    Turn goesOn = three.ask(B, ALL);

    // then
    assertThat(stopped).isEqualTo(new Stopped(A, "It has timed out."));
    assertThat(woken).containsExactly(B);
    assertThat(goesOn).isEqualTo(new Now());
  }

  @Test
  void oneThatIsGoneIsNotWaitedFor() {
    // given
    ALL.forEach(one::rests);
    one.ask(A, ALL);
    one.ask(B, ALL);

    // when A, which is being rolled, is deleted
    Turn turn = one.ask(B, List.of(B, C, D));

    // then
    assertThat(turn).isEqualTo(new Now());
    assertThat(one.isRolling(A)).isFalse();
  }

  @Test
  void oneThatWasGoneBeforeItWasSeenIsNotWaitedFor() {
    // given
    one.rests(B);
    assertThat(one.ask(A, List.of(A, B, C))).isInstanceOf(Later.class);

    // when, then
    assertThat(one.ask(A, List.of(A, B))).isEqualTo(new Now());
  }

  @Test
  void oneThatGivesUpItsPlaceLetsTheNextCome() {
    // given
    ALL.forEach(one::rests);
    one.ask(A, ALL);
    one.ask(B, ALL);
    one.ask(C, ALL);
    one.rests(B);

    // when
    one.rests(A);

    // then
    assertThat(one.ask(C, ALL)).isEqualTo(new Now());
  }
}
