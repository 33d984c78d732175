package dev.graceful.judge.finding;

import dev.graceful.judge.End;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/**
 * Its preStop hook did not do what it was there for.
 *
 * @param told whether the kubelet said so; else the process had ended while the hook slept
 */
public record HookFailed(boolean told) implements Finding {

  public static final Check CHECK = new Check("HookFailed", Severity.VIOLATION, HookFailed::in);

  static Optional<HookFailed> in(Evidence evidence) {
    if (!evidence.wasReady()) {
      return Optional.empty();
    }
    if (evidence.timeline().hookFailed()) {
      return Optional.of(new HookFailed(true));
    }
    return evidence
        .end()
        .filter(end -> evidence.mayHaveClients() && isDuringTheSleep(end, evidence))
        .map(end -> new HookFailed(false));
  }

  /**
   * The kubelet sleeps on when the container has ended, and only then reports the end. So the
   * clocks of the cluster count too, unless the pod was seen to serve later than they say.
   */
  private static boolean isDuringTheSleep(End end, Evidence evidence) {
    int sleepSeconds = evidence.timeline().template().sleepSeconds();
    long early = sleepSeconds * 1_000L - Tolerances.SLEEP_OVER_MILLIS;
    Long after = end.exit().afterDeletionSeconds();
    boolean earlyByClocks = after != null && after * 1_000 < early;
    return sleepSeconds > 0
        && (end.seenMillis() < early
            || (earlyByClocks && evidence.serving().isRefusedBefore(early)));
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return told
        ? "Its preStop hook failed (FailedPreStopHook), so SIGTERM came at once: the image lacks"
            + " the hook's command, or it ended with an error. A preStop sleep needs neither."
        : "Its process had ended while its preStop hook still slept, before SIGTERM was due: it"
            + " crashed, or something else ended it.";
  }
}
