package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.MeasuredDrains;
import dev.graceful.api.v1alpha1.MeasuredSlices;
import dev.graceful.api.v1alpha1.Recommendation;
import dev.graceful.facts.DeregistrationDelay;
import dev.graceful.facts.Entrance;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposure.Way;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendationsTest {

  private static final Entrance SERVICE = new Entrance(Way.ClusterIp, "Service web");
  private static final Exposure INSIDE = new Exposure(List.of(SERVICE));
  private static final Exposure NOWHERE = new Exposure(List.of());

  // ---------------------------------------------------------------- propagationSeconds

  @ParameterizedTest
  @CsvSource({
    "ClusterIp,      5",
    "NodePort,       5",
    "Ingress,       10",
    "Route,         10",
    "NodePortLocal, 25",
    "Headless,      30",
    "LoadBalancer,  40",
    "TargetGroup,  120",
  })
  void propagationBeginsWithHowClientsReachThePods(Way way, int seconds) {
    Recommendation said = said(by(new Entrance(way, "Somebody web")), Measures.NONE);

    assertThat(said.propagationSeconds()).isEqualTo(seconds);
    assertThat(said.message())
        .startsWith("propagationSeconds: " + seconds + ", as Somebody web ")
        .doesNotContain("drain");
  }

  @Test
  void theSlowestWayCounts() {
    Exposure exposure =
        by(SERVICE, new Entrance(Way.Ingress, "Ingress shop"), new Entrance(Way.NodePort, "x"));

    Recommendation said = said(exposure, Measures.NONE);

    assertThat(said.propagationSeconds()).isEqualTo(10);
    assertThat(said.message()).isEqualTo("propagationSeconds: 10, as Ingress shop leads to it.");
  }

  @ParameterizedTest(name = "slices after {0} ms: {1} s")
  @CsvSource({
    "0,        5", // 4.5 s
    "333,      5", // 4.9995 s
    "334,      6", // 5.001 s
    "2000,     8",
    "17000,   30",
    "1000000, 300",
  })
  void slowSlicesRaiseIt(long slowestMillis, int seconds) {
    Recommendation said = said(INSIDE, slices(12, slowestMillis));

    assertThat(said.propagationSeconds()).isEqualTo(seconds);
  }

  @Test
  void whatWasMeasuredIsCalledALowerBound() {
    assertThat(said(INSIDE, slices(12, 120)).message())
        .isEqualTo(
            "propagationSeconds: 5, as Service web is not known to be reached from outside the"
                + " cluster. What else reads its EndpointSlices, beside Services, Ingresses and"
                + " routes, is not known. The slices of its pods took up to 0.12 s (of 12) to say"
                + " that they leave: a lower bound, as whoever sends to them hears of it later.");
  }

  /** Report r11: whoever else reads the slices is not known. */
  @Test
  void nothingSaysThatOnlyTheClusterReachesItR11() {
    assertThat(said(INSIDE, Measures.NONE).message())
        .contains("Service web is not known to be reached from outside")
        .doesNotContain("only");
  }

  /** Report r11: deregistering takes tens of seconds, and up to two minutes. */
  @Test
  void aTargetGroupIsGivenTwoMinutesR11() {
    Exposure exposure = by(SERVICE, new Entrance(Way.TargetGroup, "TargetGroupBinding web"));

    assertThat(said(exposure, Measures.NONE).message())
        .isEqualTo(
            "propagationSeconds: 120, as TargetGroupBinding web makes its pods targets of a load"
                + " balancer. If that is a network load balancer of AWS, connections were seen to"
                + " come for two minutes after a target was deregistered.");
  }

  /** Reports r11 and r33: what is declared comes before the usual number, and is named. */
  @ParameterizedTest(name = "{0} with {1} s declared: {2} (r11, r33)")
  @CsvSource(
      delimiter = '|',
      value = {
        "LoadBalancer | 60 | 60 | with a deregistration delay of 60 s (x of y).",
        "LoadBalancer | 30 | 30 | with a deregistration delay of 30 s (x of y).",
        "LoadBalancer | 300 | 300 | with a deregistration delay of 300 s (x of y).",
        "LoadBalancer | 301 | 300 | of 301 s (x of y), and a policy can say no more than 300.",
        "LoadBalancer | 20 | 20 | with a deregistration delay of 20 s (x of y).",
        "LoadBalancer | 0 | 20 | such a one may send connections for 20 s whatever its delay.",
        "TargetGroup | 30 | 120 | such a one may send connections for 120 s whatever its delay.",
        "TargetGroup | 180 | 180 | with a deregistration delay of 180 s (x of y).",
      })
  void aDeclaredDelayReplacesTheUsualNumberR33(Way way, int delay, int seconds, String words) {
    Recommendation said = said(by(SERVICE, balanced(way, delay)), slices(1, 40));

    assertThat(said.propagationSeconds()).isEqualTo(seconds);
    assertThat(said.message())
        .startsWith("propagationSeconds: " + seconds + ", as Ingress web has a load balancer")
        .contains(words);
  }

  @Test
  void aBalancerThatDeclaresNothingMayBeTheSlowest() {
    Exposure exposure = by(balanced(Way.LoadBalancer, 25), new Entrance(Way.LoadBalancer, "b"));

    assertThat(said(exposure, Measures.NONE).message())
        .startsWith("propagationSeconds: 40, as b has a load balancer, which");
  }

  @Test
  void withoutAServiceThereIsNone() {
    Recommendation said = said(NOWHERE, drains(20, 1_000, 0, 0));

    assertThat(said.propagationSeconds()).isNull();
    assertThat(said.message()).startsWith("No Service has its pods. ");
  }

  @Test
  void withoutAServiceAndWithoutADrainNothingIsSaid() {
    assertThat(Recommendations.of(NOWHERE, Measures.NONE, null)).isNull();
  }

  // ---------------------------------------------------------------- drainSeconds

  @ParameterizedTest(name = "{0} drains, longest {1} ms, {2} killed, {3} ignored: {4}")
  @CsvSource({
    "19,    1000,  0, 0,     , not known yet",
    "20,       0,  0, 0,    5, the longest of 20 drains took 0.00 s",
    "20,   12300,  0, 0,   21, the longest of 20 drains took 12.30 s",
    "200, 3600000, 0, 0, 3600, took 3600.00 s",
    "20,   30000,  1, 0,   60, 1 of 20 were killed",
    "20,   30001, 19, 0,   62, 19 of 20 were killed",
    "20,   30000,  3, 2,   60, If they are killed then too",
    "19,   30000,  1, 0,     , not known yet",
    "2,    30000,  2, 2,     , not known yet",
    "3,    30000,  3, 0,     , all 3 were killed",
    "20,   30000, 20, 0,     , all 20 were killed",
    "3,    30000,  3, 3,     , 3 of 3 went on serving",
    "6,    30000,  3, 3,     , 3 of 6 went on serving",
    "7,    30000,  3, 3,     , not known yet",
  })
  void drainSecondsComeFromTheLongestOfTwenty(
      int count, long longest, int killed, int ignored, @Nullable Integer seconds, String words) {
    Recommendation said = said(INSIDE, drains(count, longest, killed, ignored));

    assertThat(said.drainSeconds()).isEqualTo(seconds);
    assertThat(said.message()).contains(words);
  }

  @Test
  void itSaysWhereMoreGraceDoesNotHelp() {
    assertThat(said(NOWHERE, drains(3, 30_000, 3, 3)).message())
        .isEqualTo(
            "No Service has its pods. More grace will not help: 3 of 3 went on serving until they"
                + " were killed, so nothing acts on SIGTERM.");
    assertThat(said(NOWHERE, drains(3, 30_000, 3, 0)).message())
        .contains("More grace will not help: all 3 were killed, after up to 30.00 s.");
  }

  /** Report r33: all along the chain, in one message. */
  @Test
  void whatDoesNotFitComesLastR33() {
    Recommendation said =
        Recommendations.of(
            by(SERVICE, balanced(Way.LoadBalancer, 60)),
            drains(20, 30_000, 0, 0),
            new PodTimes(6, 30, 36, true));

    assertThat(said).isNotNull();
    assertThat(said.propagationSeconds()).isEqualTo(60);
    assertThat(said.drainSeconds()).isEqualTo(44);
    assertThat(said.message())
        .endsWith(
            "drains took 30.00 s. The deregistration delay of 60 s (x of y) is longer than the"
                + " preStop sleep of 6 s: raise propagationSeconds to 60. A preStop sleep of 61 s"
                + " and a drain of 44 s take 105 s, longer than the grace period of 36 s, which"
                + " its owner declares: raise terminationGracePeriodSeconds to 105.");
  }

  private static Exposure by(Entrance... entrances) {
    return new Exposure(List.of(entrances));
  }

  private static Entrance balanced(Way way, int delaySeconds) {
    return new Entrance(way, "Ingress web", new DeregistrationDelay(delaySeconds, "x of y"));
  }

  private static Recommendation said(Exposure exposure, Measures measures) {
    Recommendation said = Recommendations.of(exposure, measures, null);
    if (said == null) {
      throw new AssertionError("nothing was said");
    }
    return said;
  }

  private static Measures drains(int count, long longestMillis, int killed, int ignored) {
    return Measures.of(new MeasuredDrains(count, longestMillis, killed, ignored), null);
  }

  private static Measures slices(int count, long slowestMillis) {
    return Measures.of(null, new MeasuredSlices(count, slowestMillis));
  }
}
