package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.ReportStore;
import dev.graceful.evidence.History;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.RevisionHistories;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Timeline;
import dev.graceful.report.ProtectionStatus.RevisionReport;
import dev.graceful.report.Reports;
import dev.graceful.telemetry.Metrics;
import dev.graceful.telemetry.PolicyName;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Publishes the verdicts on a Deployment's terminations: reports, metrics and Events. */
final class Publisher {

  private final EvidenceLoop evidence;
  private final Function<WorkloadRef, Exposure> exposures;
  private final ReportStore reports;
  private final EventPublisher events;
  private final Metrics metrics;
  private final Function<Timeline, Judged> judge;
  private final Clock clock;

  Publisher(
      EvidenceLoop evidence,
      Function<WorkloadRef, Exposure> exposures,
      ReportStore reports,
      EventPublisher events,
      Metrics metrics,
      Function<Timeline, Judged> judge,
      Clock clock) {
    this.evidence = evidence;
    this.exposures = exposures;
    this.reports = reports;
    this.events = events;
    this.metrics = metrics;
    this.judge = judge;
    this.clock = clock;
  }

  /**
   * Publishes what was seen of a Deployment's terminations and is not published yet.
   *
   * @param decision what the operator wants in the template; null: nothing
   * @return each revision's report as it now is
   */
  List<RevisionReport> publish(
      DeploymentFacts deployment, GracefulPolicy policy, @Nullable Decision decision) {
    List<RevisionReport> published = new ArrayList<>();
    for (RevisionHistories view : evidence.ask(o -> o.workload(deployment.ref()).histories())) {
      TerminationReport report = reports.get(view.facts());
      List<Judged> concluded = judged(deployment.ref(), view, status(report));
      if (report != null || !view.watchedPods().isEmpty() || !concluded.isEmpty()) {
        published.add(publish(deployment, policy, decision, view, report, concluded));
      }
    }
    return published;
  }

  private RevisionReport publish(
      DeploymentFacts deployment,
      GracefulPolicy policy,
      @Nullable Decision decision,
      RevisionHistories view,
      @Nullable TerminationReport report,
      List<Judged> concluded) {
    var name = new PolicyName(deployment.ref().namespace(), policy.getMetadata().getName());
    TerminationReportStatus old = status(report);
    TerminationReportStatus next =
        Reports.next(
            old,
            view.watchedPods(),
            view.terminating(),
            concluded,
            Reports.isBeforeProtection(view.facts(), decision),
            ProbePlan.VerifySpec.of(policy.getSpec().verify()).mode() == VerifyMode.Connect,
            report == null ? null : report.getMetadata().getGeneration(),
            clock.instant());
    if (!concluded.isEmpty()) {
      next = Reports.recommending(next, exposures.apply(deployment.ref()));
    }
    if (!next.equals(old)) {
      write(name, view, old, next, concluded);
      announce(name, deployment, old, next);
    }
    evidence.change(o -> o.acknowledgeAll(view.facts().ref(), view.concluded()));
    return new RevisionReport(view.facts().name(), view.facts().revision(), next);
  }

  private static TerminationReportStatus status(@Nullable TerminationReport report) {
    return report == null || report.getStatus() == null ? Reports.EMPTY : report.getStatus();
  }

  /** The only place where terminations are judged: the report and the metrics get the verdicts. */
  private List<Judged> judged(
      WorkloadRef deployment, RevisionHistories view, TerminationReportStatus old) {
    List<Timeline> concluded = view.concluded().stream().map(Interpreter::timeline).toList();
    List<Timeline> missed =
        view.publishedBefore()
            ? List.of()
            : Reports.missed(deployment.namespace(), old, view.watchedPods(), concluded);
    return Stream.concat(concluded.stream(), missed.stream()).map(judge).toList();
  }

  private void write(
      PolicyName policy,
      RevisionHistories view,
      TerminationReportStatus old,
      TerminationReportStatus next,
      List<Judged> concluded) {
    try {
      reports.write(view.facts(), next);
      metrics.reported(policy, concluded);
      told(view.concluded());
    } catch (KubernetesClientException e) {
      TerminationReport fresh = reports.get(view.facts());
      if (fresh != null && fresh.getStatus() != null) {
        Predicate<PodRef> counted = pod -> Reports.isAlreadyCounted(old, fresh.getStatus(), pod);
        List<History> written =
            view.concluded().stream().filter(history -> counted.test(history.pod())).toList();
        metrics.reported(
            policy, concluded.stream().filter(j -> counted.test(j.timeline().pod())).toList());
        told(written);
        evidence.change(o -> o.acknowledge(view.facts().ref(), written));
      }
      throw e;
    }
  }

  private void told(List<History> written) {
    Tick now = MonotonicClock.now();
    for (History history : written) {
      metrics.verdictPublished(Duration.ofMillis(now.millisSince(history.lastEvidence())));
    }
  }

  private void announce(
      PolicyName policy,
      DeploymentFacts deployment,
      TerminationReportStatus old,
      TerminationReportStatus next) {
    Condition before = Reports.graceful(old);
    Condition now = Reports.graceful(next);
    boolean was = before != null && before.status() == Condition.Status.False;
    if (now != null && now.status() == Condition.Status.False && !was) {
      metrics.violated(policy);
      events.violated(deployment, now.reason(), now.message(), clock.instant());
    }
  }
}
