package dev.graceful.judge;

import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.facts.Exit;
import dev.graceful.judge.finding.EndedByNode;
import dev.graceful.judge.finding.ExitedWithError;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.HookFailed;
import dev.graceful.judge.finding.KilledAtDeadline;
import dev.graceful.judge.finding.KilledByOOM;
import dev.graceful.judge.finding.NotApplicable;
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
   * @return null if none was measured, or if neither the process itself nor the deadline ended it,
   *     or if it was not ready before
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
        case KilledByOOM _, HookFailed _, EndedByNode _ -> {
          return null;
        }
        case NotApplicable n when n.why() != NotApplicable.Why.NotExposed -> {
          return null;
        }
        case ExitedWithError error when error.exitCode() == Exit.KILLED -> {
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

  /** See {@link Verdict#drainMillis()}. */
  static @Nullable Long millis(Evidence evidence) {
    SigtermWindow sigterm = evidence.timeline().sigterm();
    End end = evidence.end().orElse(null);
    if (sigterm == null || end == null || evidence.forced() || evidence.isHookCut()) {
      return null;
    }
    long held =
        evidence.requests().all().stream()
            .filter(e -> e.fate() != RequestFate.ClosedIdle && e.fate() != RequestFate.NotConnected)
            .mapToLong(e -> e.endedMillis() - sigterm.latestMillis())
            .max()
            .orElse(0);
    return Math.max(0, end.seenMillis() - sigterm.latestMillis() - Math.max(0, held));
  }
}
