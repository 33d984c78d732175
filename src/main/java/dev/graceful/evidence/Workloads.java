package dev.graceful.evidence;

import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which revisions belong to which Deployment, and by which rules each is watched. */
final class Workloads {

  private final Map<RevisionRef, Revision> revisions = new HashMap<>();
  private final Map<WorkloadRef, Set<RevisionRef>> revisionsOf = new HashMap<>();
  private final Map<WorkloadRef, ProbeRules> rules = new HashMap<>();

  /** The revision, which is made if it is not known. */
  Revision revision(RevisionRef ref) {
    return revisions.computeIfAbsent(ref, Revision::new);
  }

  /** Null: it is not known. */
  @Nullable Revision find(RevisionRef ref) {
    return revisions.get(ref);
  }

  /** Takes over the facts of a revision; one that is orphaned leaves its Deployment. */
  void describe(Revision revision, RevisionFacts facts) {
    WorkloadRef workload = facts.workload();
    if (!Objects.equals(workload, revision.workload())) {
      detach(revision);
    }
    revision.facts = facts;
    revision.gone = false;
    if (workload != null) {
      revisionsOf.computeIfAbsent(workload, w -> new HashSet<>()).add(revision.ref);
    }
  }

  /** See {@link Observatory#acknowledge}. */
  void acknowledge(RevisionRef ref, Collection<History> published, Tick at) {
    Revision revision = revisions.get(ref);
    if (revision != null) {
      revision.publishedAt = at;
      revision.concluded.removeAll(Set.copyOf(published));
      forgetIfOver(revision);
    }
  }

  /** Forgets a revision of which nothing is left. */
  void forgetIfOver(Revision revision) {
    if (revision.isOver() && revisions.remove(revision.ref, revision)) {
      detach(revision);
    }
  }

  private void detach(Revision revision) {
    WorkloadRef workload = revision.workload();
    Set<RevisionRef> refs = workload == null ? null : revisionsOf.get(workload);
    if (workload != null && refs != null) {
      refs.remove(revision.ref);
      if (refs.isEmpty()) {
        revisionsOf.remove(workload);
      }
    }
  }

  /** The revisions of a Deployment whose facts are known, in no order. */
  List<Revision> of(WorkloadRef workload) {
    return revisionsOf.getOrDefault(workload, Set.of()).stream().map(this::revision).toList();
  }

  /** The rules by which a revision's pods are watched; null: no policy governs them. */
  @Nullable ProbeRules rules(@Nullable WorkloadRef workload) {
    return workload == null ? null : rules.get(workload);
  }

  /**
   * Sets the rules of a Deployment.
   *
   * @param now null: no policy governs it
   * @return the rules of before
   */
  @Nullable ProbeRules govern(WorkloadRef workload, @Nullable ProbeRules now) {
    return now == null ? rules.remove(workload) : rules.put(workload, now);
  }

  /** The operator could not see until now. */
  void sightLost(Tick until) {
    revisions.values().forEach(r -> r.pods.values().forEach(pod -> pod.sightLost(until)));
  }

  /** How the Deployment of a revision stands. */
  Entry.Closed closed(Revision revision, Tick now) {
    WorkloadRef workload = revision.workload();
    List<Revision> all = workload == null ? List.of() : of(workload);
    return new Entry.Closed(
        now,
        workload == null,
        all.stream().anyMatch(other -> other.number() > revision.number()),
        all.stream().anyMatch(other -> other.facts != null && other.facts.replicas() > 0),
        revision.baseline == null ? null : revision.baseline.reachable());
  }
}
