package dev.graceful.evidence;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which ports of a revision's pods were tried while they ran well, and which of them answered. Most
 * revisions of a cluster are never tried: then it takes next to nothing.
 */
final class ReachedPorts {

  /** A revision whose ports change all the time is not tried for ever. */
  private static final int MOST_TRIED = 16;

  private Set<Integer> tried = Set.of();
  private Set<Integer> reached = Set.of();

  /** Those of these ports that were not tried yet; from now on they count as tried. */
  List<PodPort> toTry(List<PodPort> ports) {
    List<PodPort> untried =
        ports.stream()
            .filter(port -> !tried.contains(port.number()))
            .limit(MOST_TRIED - tried.size())
            .toList();
    tried = union(tried, untried.stream().map(PodPort::number).toList());
    return untried;
  }

  void reached(Set<Integer> ports) {
    reached = union(reached, ports);
  }

  boolean isReached(int port) {
    return reached.contains(port);
  }

  private static Set<Integer> union(Set<Integer> some, Collection<Integer> more) {
    return some.containsAll(more)
        ? some
        : Stream.concat(some.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
  }
}
