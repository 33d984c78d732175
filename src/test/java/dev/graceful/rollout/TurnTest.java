package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.Turn.Later;
import dev.graceful.rollout.Turn.Now;
import dev.graceful.rollout.Turn.Stopped;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TurnTest {

  private static final WorkloadRef A = new WorkloadRef("shop", "a");
  private static final WorkloadRef B = new WorkloadRef("shop", "b");
  private static final WorkloadRef C = new WorkloadRef("shop", "c");
  private static final WorkloadRef OTHER = new WorkloadRef("apps", "z");

  @Test
  void theFirstByNamespaceAndNameComesFirst() {
    assertThat(turn(A, rolling(), 1, A, B)).isEqualTo(new Now());
    assertThat(turn(B, rolling(), 1, A, B)).isEqualTo(new Later(1, Optional.empty()));
    assertThat(turn(A, rolling(), 1, A, OTHER)).isEqualTo(new Later(1, Optional.empty()));
  }

  @Test
  void oneThatRollsIsWaitedFor() {
    assertThat(turn(A, rolling(C), 1, A, B)).isEqualTo(new Later(0, Optional.of(C)));
  }

  @Test
  void theBudgetIsWhatWaitsBeforeAndWhatRolls() {
    assertThat(turn(B, rolling(), 3, A, B, C)).isEqualTo(new Now());
    assertThat(turn(C, rolling(), 3, A, B, C)).isEqualTo(new Now());
    assertThat(turn(C, rolling(OTHER), 3, A, B, C)).isEqualTo(new Later(2, Optional.of(OTHER)));
    assertThat(turn(B, rolling(OTHER), 3, A, B, C)).isEqualTo(new Now());
  }

  /** It neither takes the place of another namespace's, nor does that one hear of it. */
  @Test
  void oneThatIsStuckStopsNoOtherNamespace() {
    // given
    SortedMap<WorkloadRef, Optional<String>> rolling = rolling();
    rolling.put(C, Optional.of("exceeded quota: shop"));

    // when, then
    assertThat(turn(OTHER, rolling, 1, OTHER)).isEqualTo(new Now());
    assertThat(turn(OTHER, rolling(C), 1, OTHER)).isEqualTo(new Later(0, Optional.of(C)));
  }

  @Test
  void thoseWhoseNamespaceIsStoppedAreNotWaitedFor() {
    // given
    SortedMap<WorkloadRef, Optional<String>> rolling = rolling();
    rolling.put(OTHER, Optional.of("It has timed out."));

    // when, then
    assertThat(turn(A, rolling, 1, new WorkloadRef("apps", "y"), A)).isEqualTo(new Now());
  }

  @Test
  void oneThatIsStuckStopsItsNamespaceWhateverTheBudget() {
    // given
    SortedMap<WorkloadRef, Optional<String>> rolling = rolling(B);
    rolling.put(C, Optional.of("ReplicaSet has timed out."));

    // when
    Turn turn = turn(A, rolling, 9, A);

    // then
    assertThat(turn).isEqualTo(new Stopped(C, "ReplicaSet has timed out."));
  }

  private static Turn turn(
      WorkloadRef ref,
      SortedMap<WorkloadRef, Optional<String>> rolling,
      int mostAtOnce,
      WorkloadRef... waiting) {
    return Turn.of(ref, new TreeSet<>(List.of(waiting)), rolling, mostAtOnce);
  }

  private static SortedMap<WorkloadRef, Optional<String>> rolling(WorkloadRef... refs) {
    SortedMap<WorkloadRef, Optional<String>> rolling = new TreeMap<>();
    for (WorkloadRef ref : refs) {
      rolling.put(ref, Optional.empty());
    }
    return rolling;
  }
}
