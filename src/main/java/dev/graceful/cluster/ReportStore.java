package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.TerminationReport;
import dev.graceful.api.v1alpha1.TerminationReportSpec;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the TerminationReports. The operator is their only writer, so it reads each namespace's
 * reports once and knows from then on what it wrote; every write is bound to the state it was made
 * on, and one that fails makes the report be read again.
 */
public final class ReportStore {

  private final KubernetesClient client;
  private final Predicate<RevisionRef> isThere;
  private final Map<RevisionRef, TerminationReport> known = new ConcurrentHashMap<>();
  private final Set<String> loadedNamespaces = ConcurrentHashMap.newKeySet();

  /**
   * Reads and writes with this client.
   *
   * @param isThere whether a revision still is: the reports of others are forgotten
   */
  public ReportStore(KubernetesClient client, Predicate<RevisionRef> isThere) {
    this.client = client;
    this.isThere = isThere;
  }

  /** The report of a revision; null: there is none. */
  public @Nullable TerminationReport get(RevisionFacts revision) {
    if (loadedNamespaces.add(revision.namespace())) {
      try {
        for (TerminationReport report :
            client
                .resources(TerminationReport.class)
                .inNamespace(revision.namespace())
                .list()
                .getItems()) {
          keep(report);
        }
      } catch (RuntimeException e) {
        loadedNamespaces.remove(revision.namespace());
        throw e;
      }
    }
    return known.get(revision.ref());
  }

  /**
   * Writes a revision's report; creates it if there is none.
   *
   * @throws KubernetesClientException if it was not taken: what is known of the report is read anew
   */
  public void write(RevisionFacts revision, TerminationReportStatus status) {
    TerminationReport old = known.get(revision.ref());
    try {
      TerminationReport base = old == null ? create(revision) : old;
      var next = new TerminationReport();
      next.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(revision.namespace())
              .withName(revision.name())
              .withUid(base.getMetadata().getUid())
              .withResourceVersion(base.getMetadata().getResourceVersion())
              .build());
      next.setSpec(base.getSpec());
      next.setStatus(status);
      TerminationReport written = client.resource(next).updateStatus();
      // The same again, but made of strings that others keep anyway.
      written.setStatus(status);
      keep(revision.ref(), written);
    } catch (KubernetesClientException e) {
      reload(revision);
      throw e;
    }
  }

  private TerminationReport create(RevisionFacts revision) {
    var report = new TerminationReport();
    report.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(revision.namespace())
            .withName(revision.name())
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion("apps/v1")
                    .withKind("ReplicaSet")
                    .withName(revision.name())
                    .withUid(revision.uid())
                    .build())
            .build());
    var workload = revision.workload();
    report.setSpec(
        new TerminationReportSpec(workload == null ? "" : workload.name(), revision.revision()));
    TerminationReport created = client.resource(report).create();
    keep(revision.ref(), created);
    return created;
  }

  private void reload(RevisionFacts revision) {
    TerminationReport fresh =
        client
            .resources(TerminationReport.class)
            .inNamespace(revision.namespace())
            .withName(revision.name())
            .get();
    if (fresh == null) {
      known.remove(revision.ref());
    } else {
      keep(revision.ref(), fresh);
    }
  }

  private void keep(TerminationReport report) {
    report.getMetadata().getOwnerReferences().stream()
        .filter(owner -> "ReplicaSet".equals(owner.getKind()))
        .forEach(
            owner ->
                keep(new RevisionRef(report.getMetadata().getNamespace(), owner.getUid()), report));
  }

  private void keep(RevisionRef revision, TerminationReport report) {
    report.getMetadata().setManagedFields(List.of());
    if (known.put(revision, report) == null) {
      known.keySet().removeIf(isThere.negate());
    }
  }
}
