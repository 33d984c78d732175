package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Tolerances;
import java.util.Optional;

/**
 * SIGKILL ended a serving container when the grace period was over.
 *
 * @param container its name
 */
public record KilledAtDeadline(Why why, long graceSeconds, String container) implements Finding {

  /** What held it until then. */
  public enum Why {
    /** Its preStop hook took all of it. */
    HookOutlastsGrace(
        "Its preStop hook does not end before the grace period does, so that SIGTERM came only 2 s"
            + " before SIGKILL. Raise terminationGracePeriodSeconds above what the hook takes, or"
            + " shorten the hook."),
    /** It answered to the end, and how long its hook takes is not known. */
    HookOrSignal(
        "It answered to the end: its preStop hook had not ended before, or nothing acts on SIGTERM."
            + " Limit the hook to less than the grace period; a process that runs as PID 1 needs a"
            + " handler."),
    /** It answered to the end: nothing acted on SIGTERM. */
    SignalIgnored(
        "It answered to the end: nothing acts on SIGTERM. A process that runs as PID 1 needs a"
            + " handler, and a shell or npm before it does not pass the signal on."),
    /** It had stopped listening, and then waited for something that did not come. */
    ConnectionsHeld(
        "It had stopped listening and then waited: a client's keep-alive connection, a pool or"
            + " work that does not end held it. Answer with «Connection: close» while"
            + " draining, and give the shutdown a limit of its own."),
    /** There was no attempt to connect near the end. */
    Undetermined("No connection was tried near the end: it ignores SIGTERM, or something held it.");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }
  }

  public static final Check CHECK =
      new Check("KilledAtDeadline", Severity.VIOLATION, KilledAtDeadline::in);

  static Optional<KilledAtDeadline> in(Evidence evidence) {
    long grace = evidence.timeline().graceSeconds();
    return evidence
        .endOfServer()
        .filter(end -> end.isKilled() && !end.isOutOfMemory())
        .filter(end -> end.seenMillis() >= grace * 1_000 - Tolerances.DEADLINE_MILLIS)
        .map(end -> new KilledAtDeadline(why(evidence, end.seenMillis()), grace, end.container()));
  }

  private static Why why(Evidence evidence, long endedMillis) {
    if (evidence.serving().isRefusedBefore(endedMillis - Tolerances.DEADLINE_MILLIS)) {
      return Why.ConnectionsHeld;
    }
    if (evidence.isHookCut()) {
      return Why.HookOutlastsGrace;
    }
    if (!evidence.serving().isServedSince(endedMillis - Tolerances.SERVED_TO_THE_END_MILLIS)) {
      return Why.Undetermined;
    }
    Timeline timeline = evidence.timeline();
    return timeline.template().customPreStop() && timeline.sigterm() == null
        ? Why.HookOrSignal
        : Why.SignalIgnored;
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    return why == Why.Undetermined ? RestsOn.Status : evidence.serving().restsOn();
  }

  @Override
  public String message() {
    return "SIGKILL ended its container "
        + container
        + " when its grace period of "
        + graceSeconds
        + " s was over. "
        + why.sentence;
  }
}
