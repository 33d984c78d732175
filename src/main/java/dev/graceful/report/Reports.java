package dev.graceful.report;

import dev.graceful.api.v1alpha1.CauseCount;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerdictCount;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Verdict;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.Graceful;
import dev.graceful.judge.finding.NotApplicable;
import dev.graceful.judge.hint.Hint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a TerminationReport. */
public final class Reports {

  /** What is known of a revision that no report is written for yet. */
  public static final TerminationReportStatus EMPTY =
      new TerminationReportStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  private static final Comparator<ReportedTermination> WORST_FIRST =
      Comparator.comparing((ReportedTermination t) -> Verdicts.severity(t.verdict()))
          .thenComparingLong(
              t ->
                  t.lastServedMillis() == null || t.leftMillis() == null
                      ? Long.MIN_VALUE
                      : t.lastServedMillis() - t.leftMillis());

  /** In the repository. Each verdict that has a cure is a section of it. */
  private static final String VERDICTS_PAGE = "docs/verdicts.md";

  /** With as many pods as can be listed, a report takes less than 1 MiB. */
  private static final long MOST_BYTES_OF_WORST = 300_000;

  private Reports() {}

  /**
   * Whether a write whose response was lost has counted its terminations. The operator is the only
   * writer.
   *
   * @param next the status that was to be written
   * @param fresh the status as it was found after the failure
   */
  public static boolean isCounted(TerminationReportStatus next, TerminationReportStatus fresh) {
    return Objects.equals(next.terminations(), fresh.terminations());
  }

  /**
   * The next status.
   *
   * @param watched the revision's pods that are known and not concluded
   * @param concluded terminations that {@code old} does not count yet
   * @param beforeProtection whether the revision was made before the policy's decision was in it
   * @param connectionsSuffice whether the policy asks for no more than connections
   * @return equal to {@code old} if there is nothing new
   */
  public static TerminationReportStatus next(
      TerminationReportStatus old,
      Watchlist watched,
      List<Judged> concluded,
      boolean beforeProtection,
      boolean connectionsSuffice,
      @Nullable Long generation,
      Instant now) {
    Map<String, Integer> verdicts = verdicts(old, concluded);
    Measures measures = measures(old, concluded);
    List<ReportedTermination> worst = worst(old, concluded, now);
    Long smallest = smallestMarginMillis(old, concluded);
    Assessment graceful =
        Verdicts.ofRevision(
            verdicts, watched.ending(), worst, smallest, beforeProtection, connectionsSuffice);
    return new TerminationReportStatus(
        (old.terminations() == null ? 0 : old.terminations()) + concluded.size(),
        verdicts.entrySet().stream().map(e -> new VerdictCount(e.getKey(), e.getValue())).toList(),
        causes(old, concluded),
        smallest,
        measures.drainsOrNull(),
        measures.slicesOrNull(),
        old.recommendation(),
        concluded.isEmpty() ? old.latestTerminationTime() : written(now),
        worst,
        watched.listed(),
        watched.unlisted(),
        watched.unlistedDigest(),
        watched.unaccountedSince(old),
        conditions(old, watched.accounting(graceful, old), generation, now));
  }

  private static List<Condition> conditions(
      TerminationReportStatus old, Assessment graceful, @Nullable Long generation, Instant now) {
    return Conditions.next(
        old.conditions(), Map.of(ConditionType.TerminationsGraceful, graceful), generation, now);
  }

  private static Measures measures(TerminationReportStatus old, List<Judged> concluded) {
    Measures measures = Measures.of(old.drains(), old.slices());
    for (Judged termination : concluded) {
      measures = measures.with(termination);
    }
    return measures;
  }

  private static Map<String, Integer> verdicts(
      TerminationReportStatus old, List<Judged> concluded) {
    Map<String, Integer> verdicts = new TreeMap<>();
    orEmpty(old.verdicts()).forEach(v -> verdicts.put(v.verdict(), v.count()));
    concluded.forEach(each -> verdicts.merge(each.verdict().name(), 1, Integer::sum));
    return verdicts;
  }

  private static List<CauseCount> causes(TerminationReportStatus old, List<Judged> concluded) {
    Map<String, Integer> causes = new TreeMap<>();
    orEmpty(old.causes()).forEach(c -> causes.put(c.cause(), c.count()));
    concluded.forEach(each -> causes.merge(each.timeline().cause().name(), 1, Integer::sum));
    return causes.entrySet().stream().map(e -> new CauseCount(e.getKey(), e.getValue())).toList();
  }

  private static List<ReportedTermination> worst(
      TerminationReportStatus old, List<Judged> concluded, Instant now) {
    List<ReportedTermination> all =
        Stream.concat(
                orEmpty(old.worstTerminations()).stream(),
                concluded.stream().map(each -> reported(each, now)))
            .sorted(WORST_FIRST)
            .limit(TerminationReportStatus.WORST_KEPT)
            .toList();
    int kept = 0;
    long bytes = 0;
    while (kept < all.size() && bytes < MOST_BYTES_OF_WORST) {
      // No character takes more than three bytes, escaped or not.
      bytes += 3L * all.get(kept++).toString().length();
    }
    return all.subList(0, kept);
  }

  private static @Nullable Long smallestMarginMillis(
      TerminationReportStatus old, List<Judged> concluded) {
    return Stream.concat(
            Stream.ofNullable(old.smallestMarginMillis()),
            concluded.stream().flatMap(each -> Stream.ofNullable(each.verdict().marginMillis())))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static String written(Instant now) {
    return now.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** The same status, with a sentence more in each of its conditions. */
  public static TerminationReportStatus adding(TerminationReportStatus status, String sentence) {
    return new TerminationReportStatus(
        status.terminations(),
        status.verdicts(),
        status.causes(),
        status.smallestMarginMillis(),
        status.drains(),
        status.slices(),
        status.recommendation(),
        status.latestTerminationTime(),
        status.worstTerminations(),
        status.watchedPods(),
        status.unlistedPods(),
        status.unlistedDigest(),
        status.unaccountedPods(),
        orEmpty(status.conditions()).stream().map(c -> Conditions.adding(c, sentence)).toList());
  }

  /**
   * The same status, with what a policy could say by it.
   *
   * @param exposure how clients reach the Deployment's pods
   */
  public static TerminationReportStatus recommending(
      TerminationReportStatus status, Exposure exposure) {
    return new TerminationReportStatus(
        status.terminations(),
        status.verdicts(),
        status.causes(),
        status.smallestMarginMillis(),
        status.drains(),
        status.slices(),
        Recommendations.of(exposure, Measures.of(status.drains(), status.slices()), null),
        status.latestTerminationTime(),
        status.worstTerminations(),
        status.watchedPods(),
        status.unlistedPods(),
        status.unlistedDigest(),
        status.unaccountedPods(),
        status.conditions());
  }

  /**
   * Whether a revision's template lacks the sleep that was decided: it is from before the decision.
   * Of a ReplicaSet that is gone, its report knows.
   *
   * @param decision null: nothing was decided
   */
  public static boolean isBeforeProtection(
      RevisionFacts revision, TerminationReportStatus old, @Nullable Decision decision) {
    Condition said = graceful(old);
    if (revision.isGone()) {
      return said != null && said.reason().equals(Verdicts.BEFORE_PROTECTION);
    }
    return decision != null
        && decision.sleepSeconds() > 0
        && revision.containers().stream()
            .anyMatch(c -> decision.containers().contains(c.name()) && c.sleepSeconds() == 0);
  }

  /** The report's word on its revision; null: it has none yet. */
  public static @Nullable Condition graceful(TerminationReportStatus status) {
    return Conditions.find(status.conditions(), ConditionType.TerminationsGraceful);
  }

  private static ReportedTermination reported(Judged termination, Instant now) {
    Timeline timeline = termination.timeline();
    Verdict verdict = termination.verdict();
    Ending ending = timeline.ending();
    boolean unseen = timeline.unseen() != null;
    return new ReportedTermination(
        timeline.pod().name(),
        timeline.pod().uid(),
        timeline.cause().name(),
        verdict.name(),
        verdict.findings().stream().map(finding -> finding.check().name()).toList(),
        message(verdict),
        unseen ? null : verdict.restsOn().message(timeline.asked(), timeline.ports()),
        verdict.hints().isEmpty() ? null : verdict.hints().stream().map(Hint::message).toList(),
        written(now),
        unseen ? null : timeline.template().sleepSeconds(),
        unseen ? null : timeline.graceSeconds(),
        timeline.leftMillis(),
        verdict.lastServedMillis(),
        verdict.refusedMillis(),
        timeline.sigtermLatestMillis(),
        ending == null ? null : ending.seenMillis(),
        ending == null || ending.exit() == null ? null : ending.exit().code(),
        unseen ? null : timeline.countConnectionAttempts(),
        unseen ? null : timeline.keepAliveRequests().size());
  }

  /** What was found, and the page that says by server what sets it right. */
  private static String message(Verdict verdict) {
    String found =
        verdict.findings().stream().map(Finding::message).collect(Collectors.joining(" "));
    return switch (verdict.first()) {
      case Graceful ended -> found;
      case NotApplicable ended -> found;
      default ->
          found + " See " + VERDICTS_PAGE + "#" + verdict.name().toLowerCase(Locale.ROOT) + ".";
    };
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
