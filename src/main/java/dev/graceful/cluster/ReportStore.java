package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportSpec;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.Watchlist;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the TerminationReports. The operator is their only writer, so it reads each namespace's
 * reports once and knows from then on what it wrote; every write is bound to the state it was made
 * on, and one that fails makes the report be read again.
 */
public final class ReportStore {

  /** So many reports of a Deployment are kept. */
  private static final int MOST_KEPT = 10;

  private final KubernetesClient client;
  private final Predicate<WorkloadRef> isThere;
  private final Map<String, Boolean> loadedNamespaces = new ConcurrentHashMap<>();

  /** By the uid of the revision's ReplicaSet. */
  private final Map<WorkloadRef, Map<String, TerminationReport>> known = new ConcurrentHashMap<>();

  /**
   * Reads and writes with this client.
   *
   * @param isThere whether a Deployment still is: the reports of others are forgotten
   */
  public ReportStore(KubernetesClient client, Predicate<WorkloadRef> isThere) {
    this.client = client;
    this.isThere = isThere;
  }

  /** The reports of a Deployment, by the uid of the revision's ReplicaSet. */
  public Map<String, TerminationReport> of(DeploymentFacts deployment) {
    loadedNamespaces.computeIfAbsent(deployment.ref().namespace(), this::load);
    Map<String, TerminationReport> reports = known.get(deployment.ref());
    if (reports == null) {
      return Map.of();
    }
    // Those of an earlier Deployment of this name are about to be collected.
    reports.values().removeIf(report -> !isOwner(deployment, report));
    return Map.copyOf(reports);
  }

  private boolean load(String namespace) {
    client
        .resources(TerminationReport.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(this::keep);
    return true;
  }

  private static boolean isOwner(DeploymentFacts deployment, TerminationReport report) {
    return report.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> deployment.uid().equals(owner.getUid()));
  }

  /**
   * Writes a revision's report; creates it if there is none, and deletes the Deployment's oldest if
   * there are more than ten then.
   *
   * @param policy the name of the policy that governs the Deployment
   * @return the report's name
   * @throws KubernetesClientException if it was not taken: what is known of the report is read anew
   */
  public String write(
      DeploymentFacts deployment,
      String policy,
      RevisionFacts revision,
      TerminationReportStatus status) {
    TerminationReport old = of(deployment).get(revision.uid());
    TerminationReport base = old == null ? create(deployment, policy, revision) : old;
    String name = base.getMetadata().getName();
    var next = new TerminationReport();
    next.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(revision.namespace())
            .withName(name)
            .withUid(base.getMetadata().getUid())
            .withResourceVersion(base.getMetadata().getResourceVersion())
            .build());
    next.setSpec(base.getSpec());
    try {
      next.setStatus(status);
      TerminationReport written = client.resource(next).updateStatus();
      // The same again, but made of strings that others keep anyway.
      written.setStatus(status);
      keep(written);
    } catch (KubernetesClientException e) {
      reload(base);
      throw e;
    }
    if (old == null) {
      deleteOldest(deployment);
    }
    return name;
  }

  /** A ReplicaSet that is made anew has the name of the one before, whose report may be there. */
  private TerminationReport create(
      DeploymentFacts deployment, String policy, RevisionFacts revision) {
    try {
      return create(revision.name(), deployment, policy, revision);
    } catch (KubernetesClientException e) {
      TerminationReport there =
          e.getCode() == 409 ? get(revision.namespace(), revision.name()) : null;
      if (there == null) {
        throw e;
      }
      if (revision.uid().equals(there.getSpec().replicaSetUid())) {
        // The response to its creation was lost.
        keep(there);
        throw e;
      }
      return create(revision.name() + "-" + revision.revision(), deployment, policy, revision);
    }
  }

  private TerminationReport create(
      String name, DeploymentFacts deployment, String policy, RevisionFacts revision) {
    var report = new TerminationReport();
    report.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(revision.namespace())
            .withName(name)
            .withLabels(RecordLabels.of(deployment.ref().name(), policy))
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion("apps/v1")
                    .withKind("Deployment")
                    .withName(deployment.ref().name())
                    .withUid(deployment.uid())
                    .build())
            .build());
    report.setSpec(
        new TerminationReportSpec(deployment.ref().name(), revision.uid(), revision.revision()));
    TerminationReport created = client.resource(report).create();
    keep(created);
    return created;
  }

  /** Not those of revisions that have pods to be judged: these are few, and soon they have none. */
  private void deleteOldest(DeploymentFacts deployment) {
    Map<String, TerminationReport> reports = of(deployment);
    reports.values().stream()
        .filter(report -> !Watchlist.isOpen(report.getStatus()))
        .sorted(Comparator.comparingLong(report -> report.getSpec().revision()))
        .limit(Math.max(0, reports.size() - MOST_KEPT))
        .forEach(
            report -> {
              client.resource(report).delete();
              forget(report);
            });
  }

  private @Nullable TerminationReport get(String namespace, String name) {
    return client.resources(TerminationReport.class).inNamespace(namespace).withName(name).get();
  }

  private void reload(TerminationReport old) {
    TerminationReport fresh = get(old.getMetadata().getNamespace(), old.getMetadata().getName());
    if (fresh == null) {
      forget(old);
    } else {
      keep(fresh);
    }
  }

  private void keep(TerminationReport report) {
    report.getMetadata().setManagedFields(List.of());
    if (!known.containsKey(workload(report))) {
      known.keySet().removeIf(isThere.negate());
    }
    known
        .computeIfAbsent(workload(report), ref -> new ConcurrentHashMap<>())
        .put(report.getSpec().replicaSetUid(), report);
  }

  private void forget(TerminationReport report) {
    Map<String, TerminationReport> reports = known.get(workload(report));
    if (reports != null) {
      reports.remove(report.getSpec().replicaSetUid());
    }
  }

  private static WorkloadRef workload(TerminationReport report) {
    return new WorkloadRef(report.getMetadata().getNamespace(), report.getSpec().deployment());
  }
}
