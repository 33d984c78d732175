package dev.graceful.reconcile;

import dev.graceful.observe.WorkloadRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Which protections the MutatingAdmissionPolicy reads. The API server looks at each of them for
 * every write of any Deployment in their namespace, which costs half a millisecond apiece; so there
 * is a bound, and Deployments beyond it are written right after their owners. Thread-safe.
 */
final class AdmissionPlaces {

  private final int mostInNamespace;
  private final Map<String, Set<WorkloadRef>> taken = new HashMap<>();

  /**
   * Nobody has one yet.
   *
   * @param mostInNamespace 0: there is no admission policy
   */
  AdmissionPlaces(int mostInNamespace) {
    this.mostInNamespace = mostInNamespace;
  }

  /**
   * Takes a place, if there is one left or it has one already.
   *
   * @param recorded those that are recorded to have one; asked for once a namespace
   */
  synchronized boolean take(WorkloadRef ref, Supplier<Stream<WorkloadRef>> recorded) {
    Set<WorkloadRef> inNamespace =
        taken.computeIfAbsent(
            ref.namespace(),
            namespace -> {
              Set<WorkloadRef> known = new HashSet<>();
              recorded.get().filter(r -> r.namespace().equals(namespace)).forEach(known::add);
              return known;
            });
    return inNamespace.contains(ref)
        || (inNamespace.size() < mostInNamespace && inNamespace.add(ref));
  }

  /** Gives its place back, if it has one. */
  synchronized void leave(WorkloadRef ref) {
    Set<WorkloadRef> inNamespace = taken.get(ref.namespace());
    if (inNamespace != null) {
      inNamespace.remove(ref);
    }
  }
}
