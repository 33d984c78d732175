package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.DeregistrationDelay;
import dev.graceful.facts.Entrance;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposure.Way;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the times of a termination fit into each other, on each side of each limit. */
class ChainTest {

  /** Report r33: the cure is a pause of the deregistration delay, and a grace period to match. */
  @ParameterizedTest(name = "delay {0}, sleep {1}, drain {2}, grace {3}: {4} (r33)")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "60  | 61 | 30 | 91 | -",
        "60  | 60 | 30 | 90 | -",
        "-   | 0  | 30 | 30 | -",
        "-   | 6  | 24 | 30 | -",
        "60  | -  | 30 | 30 | -",
        "61  | 60 | 30 | 92 | The deregistration delay of 61 s (x of y) is longer than the preStop"
            + " sleep of 60 s: raise propagationSeconds to 61.",
        "301 | 60 | 30 | 400 | The deregistration delay of 301 s (x of y) is longer than the"
            + " preStop sleep of 60 s, and longer than any that a policy can set: lower it to 300"
            + " s.",
        "-   | 6  | 25 | 30 | A preStop sleep of 6 s and a drain of 25 s take 31 s, longer than the"
            + " grace period of 30 s. A policy with these numbers makes it 31 s.",
        "60  | 6  | 30 | 36 | The deregistration delay of 60 s (x of y) is longer than the preStop"
            + " sleep of 6 s: raise propagationSeconds to 60. A preStop sleep of 61 s and a drain"
            + " of 30 s take 91 s, longer than the grace period of 36 s. A policy with these"
            + " numbers makes it 91 s.",
      })
  void eachThatDoesNotFitIsSaidWithItsNumbersR33(
      @Nullable Integer delay,
      @Nullable Integer sleep,
      int drain,
      long grace,
      @Nullable String words) {
    assertThat(Chain.words(exposure(delay), null, new PodTimes(sleep, drain, grace, false)))
        .isEqualTo(words == null ? "" : " " + words);
  }

  @Test
  void theMeasuredDrainComesBeforeThePolicys() {
    assertThat(Chain.words(exposure(null), 40, new PodTimes(6, 30, 36, false)))
        .contains("A preStop sleep of 6 s and a drain of 40 s take 46 s");
    assertThat(Chain.words(exposure(null), 10, new PodTimes(6, 30, 20, false))).isEmpty();
  }

  @Test
  void aDeclaredGracePeriodIsTheOwnersToRaise() {
    assertThat(Chain.words(exposure(null), null, new PodTimes(6, 30, 20, true)))
        .endsWith("which its owner declares: raise terminationGracePeriodSeconds to 36.");
  }

  private static Exposure exposure(@Nullable Integer delay) {
    var service = new Entrance(Way.ClusterIp, "Service web");
    return new Exposure(
        delay == null
            ? List.of(service)
            : List.of(
                service,
                new Entrance(
                    Way.LoadBalancer, "Ingress web", new DeregistrationDelay(delay, "x of y"))));
  }
}
