package dev.graceful.e2e;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A long series in figures.
 *
 * @param commit what was tried; ends with {@code +} if it was changed since
 * @param runsThatWereVoid as the control failed meanwhile: they count nowhere else but among all
 * @param gracefulByDesign of the terminations that are graceful by design
 * @param latencyP50Seconds from the last evidence of a termination to the condition that says it,
 *     as the bound of a bucket of the operator's own histogram; null: it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Summary(
    String commit,
    Instant date,
    int cases,
    int runs,
    int runsThatAgree,
    int runsThatWereVoid,
    ByDesign gracefulByDesign,
    @Nullable Long verdictsTimed,
    @Nullable Double latencyP50Seconds,
    @Nullable Double latencyP99Seconds) {

  /**
   * Counts of terminations, and shares from 0 to 1.
   *
   * @param violations neither graceful nor without a claim
   */
  record ByDesign(
      int terminations,
      Map<String, Integer> verdicts,
      double gracefulShare,
      int violations,
      double inconclusiveShare) {

    /** Verdicts that find no fault. */
    private static final Set<String> NO_VIOLATIONS =
        Set.of("Graceful", "ConnectionsServed", "Inconclusive", "NotApplicable", "EndedByNode");

    static ByDesign of(List<CaseRun.Outcome> good) {
      Map<String, Integer> verdicts = new TreeMap<>();
      good.forEach(each -> each.verdicts().forEach((v, n) -> verdicts.merge(v, n, Integer::sum)));
      int all = verdicts.values().stream().mapToInt(Integer::intValue).sum();
      return new ByDesign(
          all,
          verdicts,
          share(verdicts.getOrDefault("Graceful", 0), all),
          verdicts.entrySet().stream()
              .filter(each -> !NO_VIOLATIONS.contains(each.getKey()))
              .mapToInt(Map.Entry::getValue)
              .sum(),
          share(verdicts.getOrDefault("Inconclusive", 0), all));
    }

    private static double share(int part, int all) {
      return all == 0 ? 0 : Math.round(10_000.0 * part / all) / 10_000.0;
    }
  }

  static Summary of(List<CaseRun.Outcome> all, Set<String> good, Optional<Latency> latency) {
    String commit = CommandLine.run("git", "rev-parse", "HEAD").strip();
    List<CaseRun.Outcome> valid = all.stream().filter(each -> !each.row().isVoid()).toList();
    boolean changed = !CommandLine.run("git", "status", "--porcelain", "src/main").isBlank();
    return new Summary(
        commit + (changed ? "+" : ""),
        Instant.now(),
        (int) all.stream().map(each -> each.row().caseName()).distinct().count(),
        all.size(),
        (int) valid.stream().filter(each -> each.row().agrees()).count(),
        all.size() - valid.size(),
        ByDesign.of(valid.stream().filter(each -> good.contains(each.row().caseName())).toList()),
        latency.map(Latency::verdicts).orElse(null),
        latency.map(each -> each.seconds(0.5)).orElse(null),
        latency.map(each -> each.seconds(0.99)).orElse(null));
  }
}
