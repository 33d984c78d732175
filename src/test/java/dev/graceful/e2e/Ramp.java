package dev.graceful.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds how much traffic a machine bears: more and more of it, until something fails, a client is
 * late, or less than half is left of what the processors had free without it. Whatever else the
 * machine has to do, it has before and after, so only what the traffic takes counts. Where nothing
 * is free, as others take all that they can get, it is the least or nothing.
 */
final class Ramp {

  /** New connections a second; each step about twice the one before. */
  static final List<Integer> STEPS = List.of(20, 45, 90, 180, 350);

  /** A client that was late by more than this stood still, as its processor had other work. */
  static final long LATE_MILLIS = 200;

  private static final double LEAST_FREE_SHARE = 0.5;

  /** Less than a tenth of a processor is nothing that could be halved. */
  private static final double NOTHING = 0.1;

  /**
   * What came of a step.
   *
   * @param newPerSecond of an app under test; the control had as many at the same time
   * @param failed requests
   * @param latestMillis how late the clients themselves sent at worst
   * @param freeProcessors of the busiest node; infinite where it does not tell
   */
  record Step(int newPerSecond, int failed, long latestMillis, double freeProcessors) {

    boolean isBorne(double freeAtRest) {
      return failed == 0
          && latestMillis <= LATE_MILLIS
          && (freeAtRest < NOTHING
              ? newPerSecond == STEPS.getFirst()
              : freeProcessors >= LEAST_FREE_SHARE * freeAtRest);
    }
  }

  /** What the ramp goes up on. */
  interface Machine {

    /** How many processors are free without traffic; infinite where nobody tells. */
    double freeAtRest();

    Step under(int newPerSecond);
  }

  private Ramp() {}

  /** Empty if the machine does not even bear the first step. */
  static Optional<Capacity> climb(Machine machine) {
    double before = machine.freeAtRest();
    List<Step> steps = new ArrayList<>();
    for (int newPerSecond : STEPS) {
      Step step = machine.under(newPerSecond);
      steps.add(step);
      if (!step.isBorne(before)) {
        break;
      }
    }
    // Other work may have ended meanwhile, and what was taken for little was little of more.
    return highestBorne(steps, Math.max(before, machine.freeAtRest()));
  }

  private static Optional<Capacity> highestBorne(List<Step> steps, double freeAtRest) {
    return steps.stream()
        .takeWhile(step -> step.isBorne(freeAtRest))
        .reduce((_, later) -> later)
        .map(step -> new Capacity(step.newPerSecond()));
  }
}
