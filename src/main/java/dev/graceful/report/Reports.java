package dev.graceful.report;

import dev.graceful.api.v1alpha1.CauseCount;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerdictCount;
import dev.graceful.api.v1alpha1.WatchedPod;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import dev.graceful.judge.Verdict;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.hint.Hint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a TerminationReport. */
public final class Reports {

  /** What is known of a revision that no report is written for yet. */
  public static final TerminationReportStatus EMPTY =
      new TerminationReportStatus(null, null, null, null, null, null, null, null, null, null, null);

  private static final Comparator<ReportedTermination> WORST_FIRST =
      Comparator.comparing((ReportedTermination t) -> Verdicts.severity(t.verdict()))
          .thenComparingLong(
              t ->
                  t.lastServedMillis() == null || t.leftMillis() == null
                      ? Long.MIN_VALUE
                      : t.lastServedMillis() - t.leftMillis());

  private Reports() {}

  /**
   * The pods that a report has as watched, and that neither run nor are about to be reported: they
   * ended while the operator was away. To be asked once, when it is back.
   */
  public static List<Timeline> missed(
      String namespace,
      TerminationReportStatus old,
      List<PodRef> watchedNow,
      List<Timeline> concluded) {
    Set<String> known =
        Stream.concat(
                watchedNow.stream().map(PodRef::uid), concluded.stream().map(t -> t.pod().uid()))
            .collect(Collectors.toSet());
    return orEmpty(old.watchedPods()).stream()
        .filter(pod -> !known.contains(pod.uid()))
        .map(
            pod ->
                Timeline.unseen(new PodRef(namespace, pod.name(), pod.uid()), Unseen.OperatorAway))
        .toList();
  }

  /**
   * Whether the termination of a pod was counted by a write whose response was lost.
   *
   * @param before the status that the write was made on
   * @param fresh the status as it was found after the failure
   */
  public static boolean isAlreadyCounted(
      TerminationReportStatus before, TerminationReportStatus fresh, PodRef pod) {
    return isWatched(before, pod.uid()) && !isWatched(fresh, pod.uid());
  }

  private static boolean isWatched(TerminationReportStatus status, String uid) {
    return orEmpty(status.watchedPods()).stream().map(WatchedPod::uid).anyMatch(uid::equals);
  }

  /**
   * The next status.
   *
   * @param watchedNow the revision's pods that are known and not concluded
   * @param terminating how many of them are being ended
   * @param concluded terminations that {@code old} does not count yet
   * @param beforeProtection whether the revision was made before the policy's decision was in it
   * @param connectionsSuffice whether the policy asks for no more than connections
   * @return equal to {@code old} if there is nothing new
   */
  public static TerminationReportStatus next(
      TerminationReportStatus old,
      List<PodRef> watchedNow,
      int terminating,
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
            verdicts, terminating, worst, smallest, beforeProtection, connectionsSuffice);
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
        watched(watchedNow),
        conditions(old, graceful, generation, now));
  }

  private static List<Condition> conditions(
      TerminationReportStatus old, Assessment graceful, @Nullable Long generation, Instant now) {
    return Conditions.next(
        old.conditions(), Map.of(ConditionType.TerminationsGraceful, graceful), generation, now);
  }

  private static List<WatchedPod> watched(List<PodRef> pods) {
    return pods.stream().map(pod -> new WatchedPod(pod.name(), pod.uid())).toList();
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
    return Stream.concat(
            orEmpty(old.worstTerminations()).stream(),
            concluded.stream().map(each -> reported(each, now)))
        .sorted(WORST_FIRST)
        .limit(TerminationReportStatus.WORST_KEPT)
        .toList();
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
        Recommendations.of(exposure, Measures.of(status.drains(), status.slices())),
        status.latestTerminationTime(),
        status.worstTerminations(),
        status.watchedPods(),
        status.conditions());
  }

  /**
   * Whether a revision's template lacks the sleep that was decided: it is from before the decision.
   *
   * @param decision null: nothing was decided
   */
  public static boolean isBeforeProtection(RevisionFacts revision, @Nullable Decision decision) {
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
        verdict.findings().stream().map(Finding::message).collect(Collectors.joining(" ")),
        unseen ? null : verdict.restsOn().message(timeline.asked()),
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
        unseen ? null : timeline.connectionAttempts().size(),
        unseen ? null : timeline.keepAliveRequests().size());
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
