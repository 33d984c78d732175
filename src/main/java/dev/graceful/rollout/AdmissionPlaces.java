package dev.graceful.rollout;

import dev.graceful.facts.WorkloadRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Deployments whose protections the MutatingAdmissionPolicy reads. For every write of any
 * Deployment in a namespace the API server reads each of them, which costs half a millisecond
 * apiece; so their number is limited, and Deployments beyond it are written right after their
 * owners. Not thread-safe.
 */
public final class AdmissionPlaces {

  private final int mostInNamespace;
  private final Map<String, Set<WorkloadRef>> taken = new HashMap<>();

  /**
   * No place is taken.
   *
   * @param mostInNamespace 0: there is no admission policy
   */
  public AdmissionPlaces(int mostInNamespace) {
    this.mostInNamespace = mostInNamespace;
  }

  /**
   * Takes a place. False if the Deployment has none yet and all are taken.
   *
   * @param recorded the Deployments that have a place by their record; read once a namespace
   */
  public boolean take(WorkloadRef ref, Supplier<Stream<WorkloadRef>> recorded) {
    Set<WorkloadRef> inNamespace =
        taken.computeIfAbsent(
            ref.namespace(),
            namespace ->
                recorded
                    .get()
                    .filter(r -> r.namespace().equals(namespace))
                    .collect(Collectors.toCollection(HashSet::new)));
    return inNamespace.contains(ref)
        || (inNamespace.size() < mostInNamespace && inNamespace.add(ref));
  }

  /** Gives the place back, if the Deployment has one. */
  public void leave(WorkloadRef ref) {
    Set<WorkloadRef> inNamespace = taken.get(ref.namespace());
    if (inNamespace != null) {
      inNamespace.remove(ref);
    }
  }
}
