package dev.graceful.evidence;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which ports of a revision's pods were tried while they ran well, and which of them answered. */
final class ReachedPorts {

  /** A revision whose ports change all the time is not tried for ever. */
  private static final int MOST_TRIED = 16;

  private final Set<Integer> tried = new HashSet<>();
  private final Set<Integer> reached = new HashSet<>();

  /** Those of these ports that were not tried yet; from now on they count as tried. */
  List<PodPort> toTry(List<PodPort> ports) {
    return ports.stream()
        .filter(port -> tried.size() < MOST_TRIED && tried.add(port.number()))
        .toList();
  }

  void reached(Set<Integer> ports) {
    reached.addAll(ports);
  }

  boolean isReached(int port) {
    return reached.contains(port);
  }
}
