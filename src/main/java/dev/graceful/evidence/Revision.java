package dev.graceful.evidence;

import dev.graceful.facts.ContainerFacts;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A ReplicaSet with its pods. Its facts may come later than its pods. */
final class Revision {

  /** More would name no more than a row can say. */
  private static final int MOST_CONTAINERS = 16;

  /** Its slices may come one after the other, and the ports of its pods with them. */
  private static final int MOST_BASELINES = 4;

  final RevisionRef ref;
  final Map<String, Pod> pods = new HashMap<>();
  final List<History> concluded = new ArrayList<>();
  @Nullable RevisionFacts facts;

  /** How its pods are asked, or were, for the baseline; null: not yet. */
  @Nullable ProbePlan asked;

  @Nullable Baseline baseline;

  /** What is known of its pods' other ports. */
  ReachedPorts ports = new ReachedPorts();

  private int baselines;

  /** Whether its ReplicaSet is gone: it stays for its last pods, and until they are published. */
  boolean gone;

  /** When its report was last written or, after a start, needed no write; null: not yet. */
  @Nullable Tick publishedAt;

  /** The containers of its pods that have no preStop hook, by name; a few of them. */
  private final Set<String> unhooked = new TreeSet<>();

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

  /** A pod of it has these. */
  void tellContainers(List<ContainerFacts> containers) {
    for (ContainerFacts container : containers) {
      if (!container.hasPreStop() && unhooked.size() < MOST_CONTAINERS) {
        unhooked.add(container.name());
      }
    }
  }

  /** The containers without a preStop hook that its pods have and its template does not. */
  List<String> injected() {
    RevisionFacts known = facts;
    return known == null || known.isGone()
        ? List.of()
        : unhooked.stream()
            .filter(name -> known.containers().stream().noneMatch(c -> c.name().equals(name)))
            .toList();
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
    asked = null;
    baseline = null;
    ports = new ReachedPorts();
    baselines = 0;
  }

  /** Whether a pod has to be asked in this way; from now on it was. */
  boolean isToBeAsked(ProbePlan asking) {
    if ((asked != null && asked.covers(asking)) || baselines == MOST_BASELINES) {
      return false;
    }
    baselines++;
    asked = asking;
    baseline = null;
    return true;
  }

  /** How a pod answered that was asked in this way; null: not known. */
  @Nullable Baseline met(ProbePlan asking) {
    return asked != null && asked.covers(asking) ? baseline : null;
  }

  /** What is not requested of its pods, as it was answered badly; null: there is none. */
  @Nullable UnfitPath unfit() {
    return baseline == null || asked == null ? null : baseline.unfit(asked);
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
