package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.RevisionHistories;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Timeline;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import dev.graceful.report.Reports;
import dev.graceful.report.Watchlist;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One revision, with what its report does not say yet.
 *
 * @param report null: there is none
 * @param concluded its terminations that the report does not count
 */
record News(
    RevisionHistories view,
    @Nullable TerminationReport report,
    Watchlist watched,
    List<Judged> concluded) {

  /** The only place where terminations are judged: the report and the metrics get the verdicts. */
  static News of(
      RevisionHistories view,
      @Nullable TerminationReport report,
      Function<Timeline, Judged> judge) {
    TerminationReportStatus old = status(report);
    List<Timeline> concluded = view.concluded().stream().map(Interpreter::timeline).toList();
    var watched = new Watchlist(view.watchedPods(), view.terminating(), 0);
    List<Timeline> missed = List.of();
    if (view.publishedAt() == null) {
      missed = watched.missed(view.facts().namespace(), old, concluded);
      watched = watched.afterAbsence(old, concluded);
    }
    return new News(
        view,
        report,
        watched,
        Stream.concat(concluded.stream(), missed.stream()).map(judge).toList());
  }

  /** Of a revision whose ReplicaSet is gone, and with it all its pods. */
  static News ofGone(
      WorkloadRef deployment, TerminationReport report, Function<Timeline, Judged> judge) {
    RevisionFacts facts =
        RevisionFacts.gone(
            deployment, report.getSpec().replicaSetUid(), report.getSpec().revision());
    return of(
        new RevisionHistories(facts, List.of(), List.of(), List.of(), null, null), report, judge);
  }

  static TerminationReportStatus status(@Nullable TerminationReport report) {
    return report == null || report.getStatus() == null ? Reports.EMPTY : report.getStatus();
  }

  TerminationReportStatus old() {
    return status(report);
  }

  /** Whether there is a report, or anything to be reported. */
  boolean isAny() {
    return report != null || !view.watchedPods().isEmpty() || !concluded.isEmpty();
  }

  /** The report as it is; one that is not there yet has the name of the ReplicaSet. */
  RevisionReport unchanged() {
    String name = report == null ? view.facts().name() : report.getMetadata().getName();
    return new RevisionReport(name, view.facts().revision(), old());
  }

  /**
   * What the report is to say.
   *
   * @param decision what the operator wants in the template; null: nothing
   */
  TerminationReportStatus next(GracefulPolicy policy, @Nullable Decision decision, Instant now) {
    if (view.facts().isGone() && concluded.isEmpty() && !Watchlist.isOpen(old())) {
      return old();
    }
    TerminationReportStatus next =
        Reports.next(
            old(),
            watched,
            concluded,
            Reports.isBeforeProtection(view.facts(), old(), decision),
            ProbePlan.VerifySpec.of(policy.getSpec().verify()).mode() == VerifyMode.Connect,
            report == null ? null : report.getMetadata().getGeneration(),
            now);
    return view.unfit() == null ? next : Reports.adding(next, view.unfit().message());
  }

  /** How long a write can wait; zero: it cannot, or there is none. */
  Duration mayWait(TerminationReportStatus next, Tick now) {
    Tick writtenAt = view.publishedAt();
    return report == null || writtenAt == null || next.equals(old())
        ? Duration.ZERO
        : Duration.ofMillis(watched.waitMillis(old(), concluded, now.millisSince(writtenAt)));
  }
}
