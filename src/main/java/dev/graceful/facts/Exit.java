package dev.graceful.facts;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a container ended, as its status says it.
 *
 * @param reason as the runtime gave it, such as Completed, Error or OOMKilled; empty if unknown
 * @param afterDeletionSeconds its end by the node's clock minus the deletion by the API server's,
 *     both in whole seconds; null: not known
 * @param posix whether a code above 128 is that of a signal; Windows has no signals
 */
public record Exit(int code, String reason, @Nullable Long afterDeletionSeconds, boolean posix) {

  /** STATUS_CONTROL_C_EXIT, 3221225786: what stops a Windows container ended it. */
  private static final int CONTROL_EVENT = 0xC000013A;

  /** 128 + SIGKILL. */
  public static final int KILLED = 137;

  /** 128 + SIGTERM: the default action, or what a JVM and others return after a clean shutdown. */
  private static final int TERMINATED = 143;

  /** The end of a process that knows signals. */
  public Exit(int code, String reason, @Nullable Long afterDeletionSeconds) {
    this(code, reason, afterDeletionSeconds, true);
  }

  /** Whether SIGKILL ended it. */
  public boolean isKilled() {
    return posix && code == KILLED;
  }

  /** Whether the signal to stop, or what stands for it, ended it, or it says so. */
  public boolean isTerminated() {
    return posix ? code == TERMINATED : code == CONTROL_EVENT;
  }

  /** An exit code as people look it up: the API has those of Windows as negative numbers. */
  public static String shown(int code) {
    return code >= 0
        ? String.valueOf(code)
        : Integer.toUnsignedString(code)
            + " (0x"
            + Integer.toHexString(code).toUpperCase(Locale.ROOT)
            + ")";
  }
}
