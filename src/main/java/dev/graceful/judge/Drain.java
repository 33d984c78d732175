package dev.graceful.judge;

import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.KilledAtDeadline;
import org.jspecify.annotations.Nullable;

/**
 * How long a process took to end after SIGTERM.
 *
 * @param millis see {@link Verdict#drainMillis()}
 * @param why null: it ended by itself; else the grace period was over, and it would have taken
 *     longer
 */
public record Drain(long millis, KilledAtDeadline.@Nullable Why why) {

  /**
   * The drain of a termination.
   *
   * @return null if none was measured, or if neither the process itself nor the deadline ended it
   */
  public static @Nullable Drain of(Verdict verdict) {
    Long millis = verdict.drainMillis();
    if (millis == null) {
      return null;
    }
    KilledAtDeadline.@Nullable Why why = null;
    for (Finding finding : verdict.findings()) {
      switch (finding) {
        case KilledAtDeadline killed -> why = killed.why();
        case Finding.KilledByOOM _, Finding.HookFailed _, Finding.EndedByNode _ -> {
          return null;
        }
        case ExitedWithError error when error.exitCode() == Seen.KILLED -> {
          return null;
        }
        default -> {}
      }
    }
    return new Drain(millis, why);
  }

  /** Whether the end of the grace period cut it off. */
  public boolean killed() {
    return why != null;
  }
}
