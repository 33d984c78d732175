package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.VerdictCount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the operator says of a workload. */
record OperatorStatus(KubernetesClient client, String namespace, String name) {

  static final String PROGRAMMED = "Programmed";
  static final String TERMINATIONS_GRACEFUL = "TerminationsGraceful";

  static OperatorStatus of(Cluster cluster, Workload workload) {
    return new OperatorStatus(cluster.client(), workload.namespace(), Workload.NAME);
  }

  Optional<DeploymentProtection> protection() {
    return Optional.ofNullable(
        client.resources(DeploymentProtection.class).inNamespace(namespace).withName(name).get());
  }

  Optional<TerminationReport> report(String replicaSet) {
    return Optional.ofNullable(
        client
            .resources(TerminationReport.class)
            .inNamespace(namespace)
            .withName(replicaSet)
            .get());
  }

  /** Of the protection, that is: of the revision that was ended last. */
  Optional<Condition> condition(String type) {
    return protection()
        .flatMap(
            protection ->
                Optional.ofNullable(protection.getStatus())
                    .flatMap(status -> condition(status.conditions(), type)));
  }

  /** Whether a revision's pods ended gracefully. */
  Optional<Condition> gracefulOf(String replicaSet) {
    return report(replicaSet)
        .flatMap(
            report ->
                Optional.ofNullable(report.getStatus())
                    .flatMap(status -> condition(status.conditions(), TERMINATIONS_GRACEFUL)));
  }

  /** What the schema says before the operator is none. */
  private static Optional<Condition> condition(@Nullable List<Condition> conditions, String type) {
    return Objects.requireNonNullElse(conditions, List.<Condition>of()).stream()
        .filter(condition -> condition.type().equals(type))
        .filter(condition -> !condition.reason().equals("Pending"))
        .findFirst();
  }

  /** Until the Programmed condition has that reason. */
  Condition awaitReason(Progress progress, String reason, Duration limit) {
    return progress.await(
        reason + " of " + name + " in " + namespace,
        limit,
        () -> condition(PROGRAMMED).filter(condition -> condition.reason().equals(reason)));
  }

  /** How many terminations of a revision were judged. */
  int terminations(String replicaSet) {
    return report(replicaSet)
        .map(TerminationReport::getStatus)
        .map(status -> Objects.requireNonNullElse(status.terminations(), 0))
        .orElse(0);
  }

  Map<String, Integer> verdicts(String replicaSet) {
    var verdicts = new TreeMap<String, Integer>();
    report(replicaSet)
        .map(TerminationReport::getStatus)
        .map(status -> Objects.requireNonNullElse(status.verdicts(), List.<VerdictCount>of()))
        .orElse(List.of())
        .forEach(verdict -> verdicts.merge(verdict.verdict(), verdict.count(), Integer::sum));
    return verdicts;
  }

  /** The worst terminations of a revision, for a person to read. */
  List<ReportedTermination> worst(String replicaSet) {
    return report(replicaSet)
        .map(TerminationReport::getStatus)
        .map(
            status ->
                Objects.requireNonNullElse(
                    status.worstTerminations(), List.<ReportedTermination>of()))
        .orElse(List.of());
  }

  void awaitProgrammed(Progress progress) {
    progress.until(
        "Programmed=True in " + namespace,
        Progress.PATIENCE,
        () ->
            condition(PROGRAMMED)
                .filter(condition -> condition.status() == Condition.Status.True)
                .isPresent());
  }

  /** Until all pods of the ended revision have a verdict, and the protection speaks of them. */
  void awaitVerdicts(Progress progress, Workload.Rollout rollout) {
    progress.until(
        "the verdicts on the " + rollout.oldPods() + " old pods of " + namespace,
        Progress.PATIENCE,
        () ->
            terminations(rollout.oldReplicaSet()) >= rollout.oldPods()
                && protection()
                    .map(DeploymentProtection::getStatus)
                    .filter(status -> rollout.oldReplicaSet().equals(status.latestReport()))
                    .isPresent());
  }
}
