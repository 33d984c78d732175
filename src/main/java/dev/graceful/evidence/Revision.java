package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.UnfitPath;
import dev.graceful.facts.WorkloadRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A ReplicaSet with its pods. Its facts may come later than its pods. */
final class Revision {

  final RevisionRef ref;
  final Map<String, Pod> pods = new HashMap<>();
  final List<History> concluded = new ArrayList<>();
  @Nullable RevisionFacts facts;

  /** Whether the baseline is being measured, or was. */
  boolean asked;

  /** How its baseline is measured; null: it was not yet. */
  @Nullable ProbePlan asking;

  @Nullable Baseline baseline;

  /** Whether its ReplicaSet is gone: it stays for its last pods, and until they are published. */
  boolean gone;

  /** When its report was last written or, after a start, needed no write; null: not yet. */
  @Nullable Tick publishedAt;

  Revision(RevisionRef ref) {
    this.ref = ref;
  }

  /** Null: it is of no Deployment, or its facts are not known yet. */
  @Nullable WorkloadRef workload() {
    return facts == null ? null : facts.workload();
  }

  /** Its number among the revisions of its Deployment; 0: not known yet. */
  long number() {
    return facts == null ? 0 : facts.revision();
  }

  /** Whether nothing is left of it. */
  boolean isOver() {
    return (gone || facts == null) && pods.isEmpty() && concluded.isEmpty();
  }

  /** What its ReplicaSet wants, and how many of its pods are not terminating. */
  Entry.Replicas replicas(Tick now) {
    int staying =
        (int) pods.values().stream().filter(pod -> pod.termination == null && pod.owned).count();
    return new Entry.Replicas(now, facts == null ? 0 : facts.replicas(), staying);
  }

  /** Each termination learns what the ReplicaSet wants now. */
  void tellReplicas(Tick now) {
    Entry.Replicas replicas = replicas(now);
    for (Pod pod : pods.values()) {
      if (pod.termination != null) {
        pod.termination.add(replicas);
      }
    }
  }

  /** Nothing is known of how its pods answer. */
  void forgetBaseline() {
    asked = false;
    asking = null;
    baseline = null;
  }

  /** What is not requested of its pods, as it was answered badly; null: there is none. */
  @Nullable UnfitPath unfit() {
    return baseline == null || asking == null ? null : baseline.unfit(asking);
  }

  /** As its report needs it. */
  Optional<RevisionHistories> histories() {
    return Optional.ofNullable(facts)
        .map(
            known ->
                new RevisionHistories(
                    known,
                    refs(pod -> true),
                    refs(pod -> pod.termination != null),
                    List.copyOf(concluded),
                    unfit(),
                    publishedAt));
  }

  private List<PodRef> refs(Predicate<Pod> which) {
    return pods.values().stream()
        .filter(which)
        .map(pod -> pod.ref)
        .sorted(Comparator.comparing(PodRef::name))
        .toList();
  }
}
