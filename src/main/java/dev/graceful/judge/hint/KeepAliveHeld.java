package dev.graceful.judge.hint;

import dev.graceful.judge.Evidence;
import java.util.Optional;

/** It let go of no idle connection. */
public record KeepAliveHeld() implements Hint {

  /** The idle client let go first. */
  public static Optional<KeepAliveHeld> in(Evidence evidence) {
    return Optional.ofNullable(evidence.timeline().idleConnection())
        .filter(idle -> idle.closedMillis() == null)
        .map(idle -> new KeepAliveHeld());
  }

  @Override
  public String message() {
    return "It did not close an idle keep-alive connection at SIGTERM: such clients may hold it until"
        + " its end, and then lose a request. Close idle connections, or answer with"
        + " «Connection: close» while draining.";
  }
}
