package dev.graceful.judge;

import dev.graceful.facts.Exit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the serving containers ended.
 *
 * @param seenMillis when their end was seen, in milliseconds since the deletion was seen
 */
public record End(Exit exit, long seenMillis) {

  /** 128 + SIGKILL. */
  private static final int KILLED = 137;

  /** 128 + SIGTERM: the default action, or what a JVM and others return after a clean shutdown. */
  private static final int TERMINATED = 143;

  /** The kubelet makes this reason up when the runtime has lost the container. */
  private static final String LOST = "ContainerStatusUnknown";

  /** The end as the pod's status has it; empty: it does not. */
  static Optional<End> of(@Nullable Ending ending) {
    return ending == null || ending.exit() == null || LOST.equals(ending.exit().reason())
        ? Optional.empty()
        : Optional.of(new End(ending.exit(), ending.seenMillis()));
  }

  /** Whether SIGKILL ended it. */
  public boolean isKilled() {
    return isKill(exit.code());
  }

  /** Whether this exit code is that of SIGKILL. */
  public static boolean isKill(int exitCode) {
    return exitCode == KILLED;
  }

  /** Whether SIGTERM ended it, or it says so. */
  public boolean isTerminated() {
    return exit.code() == TERMINATED;
  }

  /** The reason alone may be an old one: runtimes count kills of the container's whole life. */
  public boolean isOutOfMemory() {
    return isKilled() && "OOMKilled".equals(exit.reason());
  }
}
