package dev.graceful.report;

import dev.graceful.api.v1alpha1.Recommendation;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposure.Way;
import dev.graceful.judge.Seconds;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a policy could say, by what was measured. */
final class Recommendations {

  private static final int MOST_PROPAGATION_SECONDS = 300;
  private static final int MOST_DRAIN_SECONDS = 3_600;

  /** A proxy waits a second between two updates, and a little more may be lost on the way. */
  private static final long BEHIND_SLICES_MILLIS = 3_000;

  private Recommendations() {}

  /**
   * The recommendation.
   *
   * @return null: there is nothing to say yet
   */
  static @Nullable Recommendation of(Exposure exposure, Measures measures) {
    Map.Entry<Way, String> slowest =
        exposure.ways().entrySet().stream()
            .max(
                Comparator.comparingInt((Map.Entry<Way, String> e) -> baseSeconds(e.getKey()))
                    .thenComparing(Map.Entry::getKey))
            .orElse(null);
    boolean drained = measures.drains().count() > 0;
    if (slowest == null && !drained) {
      return null;
    }
    Integer propagation = slowest == null ? null : propagationSeconds(slowest.getKey(), measures);
    DrainNeed need = DrainNeed.of(measures.drains());
    Integer drain = drainSeconds(need);
    String message =
        (slowest == null || propagation == null
                ? "No Service has its pods."
                : words(slowest, propagation, measures))
            + (drained ? " " + words(need, drain) : "");
    return new Recommendation(propagation, drain, message);
  }

  private static int propagationSeconds(Way way, Measures measures) {
    int base = baseSeconds(way);
    if (measures.slices().count() == 0) {
      return base;
    }
    long measured = measures.slices().slowestMillis() + BEHIND_SLICES_MILLIS;
    return (int)
        Math.min(MOST_PROPAGATION_SECONDS, Math.max(base, ceilSeconds(measured + measured / 2)));
  }

  /** Not proven for all clusters: where to begin. */
  private static int baseSeconds(Way way) {
    return switch (way) {
      case ClusterIp, NodePort -> 5;
      case Ingress, Route -> 10;
      // Five, and two failed health checks ten seconds apart.
      case NodePortLocal -> 25;
      // What the DNS of a cluster commonly lets clients remember.
      case Headless -> 30;
      case LoadBalancer -> 40;
      // Users of network load balancers saw connections come for two minutes after a target was
      // deregistered, whatever the delay was set to:
      // https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366 and 3270.
      case TargetGroup -> 120;
    };
  }

  private static String words(Map.Entry<Way, String> way, int seconds, Measures measures) {
    String because =
        way.getValue()
            + switch (way.getKey()) {
              case ClusterIp ->
                  " is not known to be reached from outside the cluster. What else reads its"
                      + " EndpointSlices, beside Services, Ingresses and routes, is not known";
              case NodePort -> " has node ports";
              case NodePortLocal ->
                  " has node ports with externalTrafficPolicy Local, so that a load balancer has"
                      + " to notice by its health checks";
              case Headless -> " is headless, and clients remember what DNS told them";
              case LoadBalancer -> " has a load balancer, which hears of it last";
              case Ingress, Route -> " leads to it";
              case TargetGroup ->
                  " makes its pods targets of a load balancer. If that is a network load balancer"
                      + " of AWS, connections were seen to come for two minutes after a target was"
                      + " deregistered";
            };
    String measured =
        measures.slices().count() == 0
            ? ""
            : " The slices of its pods took up to "
                + Seconds.of(measures.slices().slowestMillis())
                + " (of "
                + measures.slices().count()
                + ") to say that they leave: a lower bound, as whoever sends to them hears of it"
                + " later.";
    return "propagationSeconds: " + seconds + ", as " + because + "." + measured;
  }

  private static @Nullable Integer drainSeconds(DrainNeed need) {
    return switch (need) {
      case DrainNeed.TooFew _, DrainNeed.SignalIgnored _, DrainNeed.NeverEnds _ -> null;
      case DrainNeed.Known known -> bounded(ceilSeconds(known.longestMillis() * 13 / 10) + 5);
      case DrainNeed.Longer longer -> bounded(2 * ceilSeconds(longer.longestMillis()));
    };
  }

  private static String words(DrainNeed need, @Nullable Integer seconds) {
    return switch (need) {
      case DrainNeed.TooFew few ->
          "drainSeconds: not known yet, %d of %d drains measured."
              .formatted(few.count(), DrainNeed.ENOUGH);
      case DrainNeed.Known known ->
          "drainSeconds: "
              + seconds
              + ", as the longest of "
              + known.count()
              + " drains took "
              + Seconds.of(known.longestMillis())
              + ".";
      case DrainNeed.Longer longer ->
          "drainSeconds: "
              + seconds
              + " to try, as "
              + longer.killed()
              + " of "
              + longer.count()
              + " were killed when their time was over: the longest drain is longer than the "
              + Seconds.of(longer.longestMillis())
              + " that were seen. If they are killed then too, more grace will not help.";
      case DrainNeed.SignalIgnored ignored ->
          "More grace will not help: "
              + ignored.ignored()
              + " of "
              + ignored.count()
              + " went on serving until they were killed, so nothing acts on SIGTERM.";
      case DrainNeed.NeverEnds never ->
          "More grace will not help: all "
              + never.count()
              + " were killed, after up to "
              + Seconds.of(never.longestMillis())
              + ". What holds them (kept-alive connections, a pool, stuck work) has to be ended by"
              + " the app.";
    };
  }

  private static int bounded(long seconds) {
    return (int) Math.max(1, Math.min(MOST_DRAIN_SECONDS, seconds));
  }

  private static long ceilSeconds(long millis) {
    return (millis + 999) / 1_000;
  }
}
