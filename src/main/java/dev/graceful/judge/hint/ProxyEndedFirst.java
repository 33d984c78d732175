package dev.graceful.judge.hint;

import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Evidence;
import java.util.Optional;

/** A proxy that clients reach it through ended before it. */
public record ProxyEndedFirst(String container) implements Hint {

  /** The order of the containers' ends is in the pod's status. */
  public static Optional<ProxyEndedFirst> in(Evidence evidence) {
    Ending ending = evidence.timeline().ending();
    Long end = evidence.end().map(each -> each.exit().afterDeletionSeconds()).orElse(null);
    if (ending == null || end == null) {
      return Optional.empty();
    }
    return ending.containers().stream()
        .filter(each -> each.role() == ContainerEnd.Role.Helps)
        .filter(
            each ->
                each.exit().afterDeletionSeconds() != null
                    && each.exit().afterDeletionSeconds() < end - 1)
        .findFirst()
        .map(each -> new ProxyEndedFirst(each.name()));
  }

  @Override
  public String message() {
    return "The container "
        + container
        + " ended before the app: make it a sidecar (an init container with restartPolicy:"
        + " Always), which ends last.";
  }
}
