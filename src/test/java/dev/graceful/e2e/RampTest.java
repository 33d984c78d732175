package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class RampTest {

  private final List<Integer> tried = new ArrayList<>();

  @Test
  void machineThatBearsAllGetsTheMost() {
    assertThat(climb(List.of(2.0, 2.0), n -> step(n, 2.0 - n / 700.0)))
        .isEqualTo(Ramp.STEPS.getLast());
    assertThat(tried).isEqualTo(Ramp.STEPS);
  }

  @Test
  void halfOfWhatWasFreeStaysFree() {
    assertThat(climb(List.of(2.0, 2.0), n -> step(n, 2.0 - n / 100.0))).isEqualTo(90);
    assertThat(tried).containsExactly(20, 45, 90, 180);
  }

  @Test
  void whatOthersTakeIsTakenBeforeAsWell() {
    assertThat(climb(List.of(1.0, 1.0), n -> step(n, 1.0 - n / 100.0))).isEqualTo(45);
  }

  @Test
  void stepThatFailsOrIsLateIsTheFirstThatIsTooMuch() {
    assertThat(climb(List.of(2.0, 2.0), n -> new Ramp.Step(n, n > 90 ? 1 : 0, 5, 2.0)))
        .isEqualTo(90);
    assertThat(climb(List.of(2.0, 2.0), n -> new Ramp.Step(n, 0, n > 45 ? 201 : 200, 2.0)))
        .isEqualTo(45);
  }

  @Test
  void workOfOthersThatEndsMeanwhileMakesNothingLookFree() {
    assertThat(climb(List.of(0.4, 2.0), n -> step(n, n < 90 ? 1.1 : 0.5))).isEqualTo(45);
  }

  @Test
  void machineThatHasNothingFreeGetsTheLeast() {
    assertThat(climb(List.of(0.05, 0.05), n -> step(n, 0.05))).isEqualTo(20);
    assertThat(tried).containsExactly(20, 45);
  }

  @Test
  void machineThatDoesNotBearTheLeastGetsNothing() {
    assertThat(climb(List.of(2.0, 2.0), n -> step(n, 0.9))).isZero();
    assertThat(climb(List.of(0.0, 2.0), n -> step(n, 0.9))).isZero();
    assertThat(climb(List.of(0.0, 0.0), n -> new Ramp.Step(n, 0, 201, 0.0))).isZero();
    assertThat(climb(List.of(2.0, 2.0), n -> new Ramp.Step(n, 3, 5, 2.0))).isZero();
    assertThat(tried).containsExactly(20);
  }

  @Test
  void nodeThatDoesNotTellIsMeasuredByItsClients() {
    double untold = Double.POSITIVE_INFINITY;
    assertThat(
            climb(List.of(untold, untold), n -> new Ramp.Step(n, 0, n > 180 ? 1_000 : 5, untold)))
        .isEqualTo(180);
  }

  private static Ramp.Step step(int newPerSecond, double freeProcessors) {
    return new Ramp.Step(newPerSecond, 0, 5, freeProcessors);
  }

  /** New connections a second; 0: not even the first step. */
  private int climb(List<Double> free, IntFunction<Ramp.Step> under) {
    tried.clear();
    Iterator<Double> atRest = free.iterator();
    return Ramp.climb(
            new Ramp.Machine() {
              @Override
              public double freeAtRest() {
                return atRest.next();
              }

              @Override
              public Ramp.Step under(int newPerSecond) {
                tried.add(newPerSecond);
                return under.apply(newPerSecond);
              }
            })
        .map(Capacity::newPerSecond)
        .orElse(0);
  }
}
