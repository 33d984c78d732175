package dev.graceful.judge.finding;

import dev.graceful.judge.End;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.FailedHook;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/**
 * Its preStop hook did not do what it was there for.
 *
 * @param reported whether the kubelet said so; else the process had ended while the hook slept
 * @param container the name of its container; empty: the kubelet did not say it
 */
public record HookFailed(boolean reported, String container) implements Finding {

  public static final Check CHECK = new Check("HookFailed", Severity.VIOLATION, HookFailed::in);

  static Optional<HookFailed> in(Evidence evidence) {
    if (!evidence.wasReady()) {
      return Optional.empty();
    }
    FailedHook hook = evidence.timeline().hookFailed();
    if (hook != null && !isHelpers(hook, evidence)) {
      return Optional.of(new HookFailed(true, hook.container()));
    }
    return evidence
        .end()
        .filter(end -> evidence.mayHaveClients() && isDuringTheSleep(end, evidence))
        .map(end -> new HookFailed(false, end.container()));
  }

  /** Whether it is of a container that may not serve at all, and the pod served its window. */
  public static boolean isHelpers(FailedHook hook, Evidence evidence) {
    return switch (hook.role()) {
      case Serves -> false;
      case MayServe -> evidence.servedMarginMillis().isPresent();
      case Helps -> true;
    };
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
    return reported
        ? (container.isEmpty()
                ? "Its preStop hook"
                : "The preStop hook of its container " + container)
            + " failed (FailedPreStopHook), so SIGTERM came at once: the image lacks"
            + " the hook's command, or it ended with an error. A preStop sleep needs neither."
        : "Its container "
            + container
            + " had ended while its preStop hook still slept, before SIGTERM was due: it"
            + " crashed, or something else ended it.";
  }
}
