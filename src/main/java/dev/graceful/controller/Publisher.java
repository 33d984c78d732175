package dev.graceful.controller;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.cluster.EventPublisher;
import dev.graceful.cluster.ReportStore;
import dev.graceful.evidence.History;
import dev.graceful.evidence.RevisionHistories;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Exposure;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.WorkloadRef;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes the verdicts on a Deployment's terminations: reports, metrics and Events. */
final class Publisher {

  private final EvidenceLoop evidence;
  private final Function<WorkloadRef, Exposure> exposures;
  private final ReportStore reports;
  private final EventPublisher events;
  private final Metrics metrics;
  private final Function<Timeline, Judged> judge;
  private final Supplier<Tick> ticks;
  private final Clock clock;

  /**
   * What the reports of a Deployment say.
   *
   * @param again when to publish again, if nothing happens until then; null: there is no need
   */
  record Published(List<RevisionReport> reports, @Nullable Duration again) {}

  Publisher(
      EvidenceLoop evidence,
      Function<WorkloadRef, Exposure> exposures,
      ReportStore reports,
      EventPublisher events,
      Metrics metrics,
      Function<Timeline, Judged> judge,
      Supplier<Tick> ticks,
      Clock clock) {
    this.evidence = evidence;
    this.exposures = exposures;
    this.reports = reports;
    this.events = events;
    this.metrics = metrics;
    this.judge = judge;
    this.ticks = ticks;
    this.clock = clock;
  }

  /**
   * Publishes what was seen of a Deployment's terminations and is not published yet.
   *
   * @param decision what the operator wants in the template; null: nothing
   */
  Published publish(
      DeploymentFacts deployment, GracefulPolicy policy, @Nullable Decision decision) {
    List<RevisionReport> published = new ArrayList<>();
    List<Duration> waits = new ArrayList<>();
    for (News news : news(deployment)) {
      TerminationReportStatus next = news.next(policy, decision, clock.instant());
      if (!news.concluded().isEmpty()) {
        next = Reports.recommending(next, exposures.apply(deployment.ref()));
      }
      Duration wait = news.mayWait(next, ticks.get());
      if (wait.isPositive()) {
        waits.add(wait);
        published.add(news.unchanged());
      } else {
        published.add(publish(deployment, policy, news, next));
      }
    }
    return new Published(published, waits.stream().min(Comparator.naturalOrder()).orElse(null));
  }

  /** Of the revisions that are known, and of those of which only the report is left. */
  private List<News> news(DeploymentFacts deployment) {
    var left = new HashMap<>(reports.of(deployment));
    List<News> news = new ArrayList<>();
    for (RevisionHistories view : evidence.ask(o -> o.workload(deployment.ref()).histories())) {
      news.add(News.of(view, left.remove(view.facts().uid()), judge));
    }
    left.values().forEach(report -> news.add(News.ofGone(deployment.ref(), report, judge)));
    return news.stream().filter(News::isAny).toList();
  }

  private RevisionReport publish(
      DeploymentFacts deployment, GracefulPolicy policy, News news, TerminationReportStatus next) {
    RevisionReport published = news.unchanged();
    if (!next.equals(news.old())) {
      var name = new PolicyName(deployment.ref().namespace(), policy.getMetadata().getName());
      published = write(deployment, name, news, next);
      announce(name, deployment, news.old(), next);
    }
    if (!next.equals(news.old()) || news.view().publishedAt() == null) {
      acknowledge(news.view());
    }
    return published;
  }

  private RevisionReport write(
      DeploymentFacts deployment, PolicyName policy, News news, TerminationReportStatus next) {
    RevisionFacts revision = news.view().facts();
    try {
      String name = reports.write(deployment, policy.policy(), revision, next);
      counted(policy, news);
      return new RevisionReport(name, revision.revision(), next);
    } catch (KubernetesClientException e) {
      TerminationReport fresh = reports.of(deployment).get(revision.uid());
      if (!news.concluded().isEmpty() && Reports.isCounted(next, News.status(fresh))) {
        counted(policy, news);
        acknowledge(news.view());
      }
      throw e;
    }
  }

  private void counted(PolicyName policy, News news) {
    metrics.reported(policy, news.concluded());
    for (History history : news.view().concluded()) {
      metrics.verdictPublished(Duration.ofMillis(ticks.get().millisSince(history.lastEvidence())));
    }
  }

  private void acknowledge(RevisionHistories view) {
    Tick now = ticks.get();
    evidence.change(o -> o.acknowledge(view.facts().ref(), view.concluded(), now));
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
