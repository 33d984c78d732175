package dev.graceful.evidence;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Ends the histories of terminations, once nothing more is to be expected of them. */
final class Conclusions {

  private final Workloads workloads;
  private final Consumer<Pod> concluded;
  private final BlindSpots blindSpots = new BlindSpots();
  private final Set<Pod> settling = new HashSet<>();

  /**
   * Concludes nothing yet.
   *
   * @param concluded takes each pod whose history has ended
   */
  Conclusions(Workloads workloads, Consumer<Pod> concluded) {
    this.workloads = workloads;
    this.concluded = concluded;
  }

  /** The operator could not see between two moments. */
  void sightLost(Tick from, Tick to) {
    blindSpots.add(from, to);
    workloads.sightLost(to);
  }

  /** Concludes what is waited for in vain by now. */
  void passed(Tick now) {
    List.copyOf(settling).forEach(pod -> settle(pod, now));
  }

  /** Concludes a termination that has ended, unless something about it may still come. */
  void settle(Pod pod, Tick now) {
    Termination termination = pod.termination;
    if (termination == null || !termination.hasEnded()) {
      return;
    }
    if (termination.isComplete(now)) {
      conclude(termination, now);
    } else {
      settling.add(pod);
    }
  }

  /** Ends a history. */
  void conclude(Termination termination, Tick now) {
    Revision revision = termination.pod.revision;
    revision.concluded.add(
        termination.history(
            workloads.closed(revision, now), blindSpots.around(termination.deletedAt)));
    concluded.accept(termination.pod);
  }

  /** The pod is not waited for. */
  void forget(Pod pod) {
    settling.remove(pod);
  }
}
