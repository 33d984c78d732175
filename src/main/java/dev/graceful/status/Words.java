package dev.graceful.status;

import dev.graceful.judge.Finding;
import dev.graceful.judge.Finding.ConnectionsServed;
import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.Inconclusive;
import dev.graceful.judge.Finding.KilledAtDeadline;
import dev.graceful.judge.Finding.NotApplicable;
import dev.graceful.judge.Finding.StoppedServingEarly;
import java.util.Locale;

/** Says findings in sentences that a person can act on. */
final class Words {

  private Words() {}

  static String of(Finding finding) {
    return switch (finding) {
      case StoppedServingEarly f -> stoppedServingEarly(f);
      case KilledAtDeadline f -> killedAtDeadline(f);
      case ExitedWithError f -> exitedWithError(f);
      case Inconclusive f -> inconclusive(f.why());
      case NotApplicable f ->
          switch (f.why()) {
            case NotExposed -> "It was in no EndpointSlice: no client was sent to it.";
            case NeverReady -> "It was never ready: no client was sent to it.";
          };
      case ConnectionsServed f ->
          "It accepted connections until at least "
              + seconds(f.marginMillis())
              + " after it had left its endpoints, and ended by itself.";
    };
  }

  private static String stoppedServingEarly(StoppedServingEarly f) {
    String when =
        f.afterLeavingMillis() < 0
            ? seconds(-f.afterLeavingMillis()) + " before leaving"
            : seconds(f.afterLeavingMillis()) + " after leaving";
    String cure =
        f.sleepSeconds() == 0
            ? "It has no preStop sleep: with apply: OnRollout or Immediately the operator adds one of "
                + (f.propagationSeconds() + 1)
                + " s to the template (if the template has it, something took it out of the pod), or"
                + " the app waits that long after SIGTERM before it stops listening."
            : f.sleepSeconds() <= f.propagationSeconds()
                ? "Its preStop sleep of "
                    + f.sleepSeconds()
                    + " s is too short: it takes "
                    + (f.propagationSeconds() + 1)
                    + " s."
                : "Its preStop sleep of "
                    + f.sleepSeconds()
                    + " s should have covered that: the process ended or stopped listening before"
                    + " SIGTERM was due, or the hook did not run (look for FailedPreStopHook; kubelets older"
                    + " than 1.30 do not know the sleep).";
    return (f.ended() ? "Its process had ended " : "It refused connections ")
        + when
        + " its endpoints; clients may come for "
        + f.propagationSeconds()
        + " s. "
        + cure;
  }

  private static String killedAtDeadline(KilledAtDeadline f) {
    String killed =
        "SIGKILL ended it when its grace period of " + f.graceSeconds() + " s was over. ";
    return killed
        + switch (f.why()) {
          case SignalIgnored ->
              "It answered to the end: nothing acts on SIGTERM. A process that runs as PID 1 needs a"
                  + " handler, and a shell or npm before it does not pass the signal on.";
          case ConnectionsHeld ->
              "It had stopped listening and then waited: a client's keep-alive connection, a pool or"
                  + " work that does not end held it. Answer with «Connection: close» while"
                  + " draining, and give the shutdown a limit of its own.";
          case Undetermined ->
              "Nobody knocked near the end: it ignores SIGTERM, or something held it.";
        };
  }

  private static String exitedWithError(ExitedWithError f) {
    if ("OOMKilled".equals(f.reason())) {
      return "It ran out of memory while it was being ended (OOMKilled): raise its memory limit.";
    }
    return "Its process ended with exit code "
        + f.exitCode()
        + (f.reason().isEmpty() ? "" : " (" + f.reason() + ")")
        + ": a hard limit that was hit, or a shutdown handler that failed. Its log tells.";
  }

  private static String inconclusive(Inconclusive.Why why) {
    return switch (why) {
      case OperatorAway -> "It ended while the operator was away.";
      case EndedBefore ->
          "It had ended before its deletion was seen: it crashed, or its node ended it.";
      case WatchGap -> "The operator's watch was down when it mattered.";
      case ForceDeleted -> "Its grace period was cut short, or it was deleted with none.";
      case ExitUnknown -> "It was gone before its status told how it ended.";
      case LeavingNotSeen ->
          "It was not seen to leave its endpoints before it ended: the EndpointSlice watch is"
              + " behind, or a Service publishes not-ready addresses.";
      case NotVerified ->
          "It ended by itself, but nobody saw it serve: the policy says verify.mode: None.";
      case NotReachable ->
          "It ended by itself, but the operator never reached any pod of its revision: does a"
              + " NetworkPolicy keep it out?";
      case NotProbed ->
          "It ended by itself, but more pods were ending at once than the operator probes.";
      case ServingNotProven ->
          "It ended by itself, but was not seen to serve as long as clients could come.";
    };
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
  }
}
