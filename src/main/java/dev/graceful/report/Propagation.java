package dev.graceful.report;

import dev.graceful.facts.DeregistrationDelay;
import dev.graceful.facts.Entrance;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.Exposure.Way;
import dev.graceful.judge.Seconds;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long clients may still come after a pod has left its endpoints, as far as the cluster shows
 * it.
 *
 * @param seconds what a policy could say
 * @param message the same, and why
 */
record Propagation(int seconds, String message) {

  /** The most that a policy can say. */
  static final int MOST_SECONDS = 300;

  /** A proxy waits a second between two updates, and a little more may be lost on the way. */
  private static final long BEHIND_SLICES_MILLIS = 3_000;

  /**
   * By the slowest way to the pods.
   *
   * @return null: no Service has the pods
   */
  static @Nullable Propagation of(Exposure exposure, Measures measures) {
    Entrance slowest =
        exposure.entrances().stream()
            .max(
                Comparator.<Entrance>comparingInt(Propagation::secondsOf)
                    .thenComparing(Entrance::way))
            .orElse(null);
    if (slowest == null) {
      return null;
    }
    int seconds = Math.min(MOST_SECONDS, Math.max(secondsOf(slowest), measured(measures)));
    return new Propagation(
        seconds,
        "propagationSeconds: %d, as %s.%s"
            .formatted(seconds, because(slowest), lowerBound(measures)));
  }

  /** The longest delay that is declared. */
  static Optional<DeregistrationDelay> longestDelay(Exposure exposure) {
    return exposure.entrances().stream()
        .flatMap(entrance -> Stream.ofNullable(entrance.delay()))
        .max(Comparator.comparingInt(DeregistrationDelay::seconds));
  }

  private static int measured(Measures measures) {
    long millis = measures.slices().slowestMillis() + BEHIND_SLICES_MILLIS;
    return measures.slices().count() == 0
        ? 0
        : (int) Math.min(MOST_SECONDS, Recommendations.ceilSeconds(millis + millis / 2));
  }

  private static int secondsOf(Entrance entrance) {
    DeregistrationDelay delay = entrance.delay();
    return delay == null
        ? usualSeconds(entrance.way())
        : Math.max(delay.seconds(), leastSeconds(entrance.way()));
  }

  /** Not proven for all clusters: where to begin. */
  private static int usualSeconds(Way way) {
    return switch (way) {
      case ClusterIp, NodePort -> 5;
      case Ingress, Route -> 10;
      // Five, and two failed health checks ten seconds apart.
      case NodePortLocal -> 25;
      // What the DNS of a cluster commonly lets clients remember.
      case Headless -> 30;
      case LoadBalancer -> 40;
      case TargetGroup -> leastSeconds(way);
    };
  }

  /**
   * How long a load balancer was seen to send new connections to a target that it was asked to
   * drop, whatever delay was declared. An application load balancer of AWS takes ten to twenty
   * seconds: https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1604. A network
   * load balancer with pods as targets takes two minutes: issues 2366 and 3270 there.
   */
  private static int leastSeconds(Way way) {
    return way == Way.TargetGroup ? 120 : 20;
  }

  private static String because(Entrance entrance) {
    DeregistrationDelay delay = entrance.delay();
    if (delay == null) {
      return entrance.name() + usual(entrance.way());
    }
    String declared =
        "%s has a load balancer with a deregistration delay of %d s (%s)"
            .formatted(entrance.name(), delay.seconds(), delay.source());
    int least = leastSeconds(entrance.way());
    if (delay.seconds() < least) {
      return "%s, and such a one may send connections for %d s whatever its delay"
          .formatted(declared, least);
    }
    return delay.seconds() > MOST_SECONDS
        ? "%s, and a policy can say no more than %d".formatted(declared, MOST_SECONDS)
        : declared;
  }

  private static String usual(Way way) {
    return switch (way) {
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
  }

  private static String lowerBound(Measures measures) {
    return measures.slices().count() == 0
        ? ""
        : " The slices of its pods took up to "
            + Seconds.of(measures.slices().slowestMillis())
            + " (of "
            + measures.slices().count()
            + ") to say that they leave: a lower bound, as whoever sends to them hears of it"
            + " later.";
  }
}
