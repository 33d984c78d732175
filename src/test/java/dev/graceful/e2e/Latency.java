package dev.graceful.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long it took the operator from the last evidence of a termination to the condition that says
 * it, from its own histogram.
 *
 * @param upTo how many verdicts took at most so many seconds, by the bounds of the buckets
 */
record Latency(Map<Double, Long> upTo) {

  private static final Pattern BUCKET =
      Pattern.compile(
          "graceful_verdict_latency_seconds_bucket\\{(?:.*,)?le=\"([^\"]+)\".*\\} (\\S+)");

  /** Empty if there is no such histogram among the metrics. */
  static Optional<Latency> of(String metrics) {
    Map<Double, Long> upTo = new HashMap<>();
    for (String line : metrics.lines().toList()) {
      Matcher bucket = BUCKET.matcher(line);
      if (bucket.lookingAt()) {
        upTo.put(seconds(bucket.group(1)), Math.round(Double.parseDouble(bucket.group(2))));
      }
    }
    return upTo.isEmpty() ? Optional.empty() : Optional.of(new Latency(upTo));
  }

  /** Of several processes of the operator together. */
  static Latency sum(List<Latency> several) {
    Map<Double, Long> upTo = new HashMap<>();
    several.forEach(each -> each.upTo().forEach((bound, n) -> upTo.merge(bound, n, Long::sum)));
    return new Latency(upTo);
  }

  private static double seconds(String bound) {
    return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
  }

  long verdicts() {
    return upTo.getOrDefault(Double.POSITIVE_INFINITY, 0L);
  }

  /** The smallest bound under which this share of the verdicts is. */
  double seconds(double share) {
    return new TreeMap<>(upTo)
        .entrySet().stream()
            .filter(bucket -> bucket.getValue() >= share * verdicts())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(Double.POSITIVE_INFINITY);
  }
}
