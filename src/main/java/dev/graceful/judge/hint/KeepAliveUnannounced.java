package dev.graceful.judge.hint;

import dev.graceful.judge.Evidence;
import java.util.Optional;

/** It let go of an idle connection that it had promised to keep. */
public record KeepAliveUnannounced() implements Hint {

  /** The server let go, and its last response had not said so. */
  public static Optional<KeepAliveUnannounced> in(Evidence evidence) {
    return Optional.ofNullable(evidence.timeline().idleConnection())
        .filter(idle -> idle.closedMillis() != null && !idle.announced())
        .map(idle -> new KeepAliveUnannounced());
  }

  @Override
  public String message() {
    return "It closed a keep-alive connection without having announced it: a client that sends at"
        + " that moment loses its request. Answer with «Connection: close» while draining.";
  }
}
