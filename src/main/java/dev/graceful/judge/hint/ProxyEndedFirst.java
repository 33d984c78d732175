package dev.graceful.judge.hint;

import dev.graceful.judge.Ending;
import dev.graceful.judge.Evidence;
import java.util.Optional;

/** A proxy that clients reach it through ended before it. */
public record ProxyEndedFirst(String container) implements Hint {

  /** The order of the containers' ends is in the pod's status. */
  public static Optional<ProxyEndedFirst> in(Evidence evidence) {
    return Optional.ofNullable(evidence.timeline().ending())
        .map(Ending::proxyEndedFirst)
        .map(ProxyEndedFirst::new);
  }

  @Override
  public String message() {
    return "The container "
        + container
        + " ended before the app: make it a sidecar (an init container with restartPolicy:"
        + " Always), which ends last.";
  }
}
