package dev.graceful.judge;

import dev.graceful.facts.Exit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the serving container ended that ended worst.
 *
 * @param container its name
 * @param seenMillis when their end was seen, in milliseconds since the deletion was seen
 */
public record End(String container, Exit exit, long seenMillis) {

  /** The kubelet makes this reason up when the runtime has lost the container. */
  static final String LOST = "ContainerStatusUnknown";

  /**
   * The end as the pod's status has it; empty: it does not.
   *
   * @param served whether the pod was seen to serve as long as clients could come: a container that
   *     failed and may not serve at all has then done no harm
   */
  static Optional<End> of(@Nullable Ending ending, boolean served) {
    if (ending == null) {
      return Optional.empty();
    }
    return ending
        .worst(each -> !(served && each.role() == ContainerEnd.Role.MayServe && each.isError()))
        .or(() -> ending.worst(each -> true))
        .filter(worst -> !LOST.equals(worst.exit().reason()))
        .map(worst -> new End(worst.name(), worst.exit(), ending.seenMillis()));
  }

  /** Whether SIGKILL ended it. */
  public boolean isKilled() {
    return exit.isKilled();
  }

  /** Whether SIGTERM, or what stands for it, ended it, or it says so. */
  public boolean isTerminated() {
    return exit.isTerminated();
  }

  /** The reason alone may be an old one: runtimes count kills of the container's whole life. */
  public boolean isOutOfMemory() {
    return isKilled() && "OOMKilled".equals(exit.reason());
  }
}
