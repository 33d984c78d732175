package dev.graceful.judge;

import dev.graceful.facts.Exit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pod's serving containers.
 *
 * @param seenMillis when their end was seen, in milliseconds since the deletion was seen; they had
 *     ended by then
 * @param containers how they and the others ended; empty: the pod was gone before its status said
 *     so
 */
public record Ending(long seenMillis, List<ContainerEnd> containers) {

  /** How the container ended that ended worst, of those that serve; null: not known. */
  public @Nullable Exit exit() {
    return worst(each -> true).map(ContainerEnd::exit).orElse(null);
  }

  /** The worst end of those that may serve and that count; of equals the template's first. */
  Optional<ContainerEnd> worst(Predicate<ContainerEnd> counts) {
    return containers.stream()
        .filter(each -> each.role() != ContainerEnd.Role.Helps && counts.test(each))
        .reduce((a, b) -> b.badness() > a.badness() ? b : a);
  }

  /**
   * When a container had ended at the latest, by how much earlier than the last of those that serve
   * its node says it did.
   *
   * @return {@link #seenMillis} where the node does not say that it was earlier
   */
  public long endedMillis(ContainerEnd container) {
    Long its = container.exit().afterDeletionSeconds();
    long last =
        containers.stream()
            .filter(each -> each.role() != ContainerEnd.Role.Helps)
            .map(each -> each.exit().afterDeletionSeconds())
            .mapToLong(seconds -> seconds == null ? Long.MIN_VALUE : seconds)
            .max()
            .orElse(Long.MIN_VALUE);
    // Both are whole seconds: the true difference is up to a second less.
    return its == null || last <= its ? seenMillis : seenMillis - (last - its - 1) * 1_000;
  }
}
