package dev.graceful.probe;

import dev.graceful.evidence.PodPort;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.http.Attempt.Open;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The first connections to the other ports of a ready pod of a revision: nothing is sent. */
final class PortTrial {

  private final List<PodPort> ports;
  private final Calls calls;

  PortTrial(ProbeTarget target, Calls calls) {
    this.ports = target.others();
    this.calls = calls;
  }

  /**
   * Connects to each port until a connection is accepted, a few times at most.
   *
   * @param reached takes the ports that have accepted one, as soon as they have
   */
  void make(Consumer<Set<Integer>> reached) throws InterruptedException {
    Set<Integer> all = new HashSet<>();
    for (int round = 1; ; round++) {
      Set<Integer> now = new HashSet<>();
      for (PodPort port : ports) {
        if (!all.contains(port.number()) && accepts(port)) {
          now.add(port.number());
        }
      }
      all.addAll(now);
      if (!now.isEmpty()) {
        reached.accept(Set.copyOf(now));
      }
      if (all.size() == ports.size() || round == BaselineMeasurement.MOST_CALLS) {
        return;
      }
      Thread.sleep(BaselineMeasurement.BETWEEN_TRIES);
    }
  }

  private boolean accepts(PodPort port) {
    calls.load().counts(ProbeLoad.Client.Baseline);
    if (!(calls.open(port) instanceof Open it)) {
      return false;
    }
    it.connection().close();
    return true;
  }
}
