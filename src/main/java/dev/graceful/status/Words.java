package dev.graceful.status;

import dev.graceful.judge.Advice;
import dev.graceful.judge.Finding;
import dev.graceful.judge.Finding.ConnectionsServed;
import dev.graceful.judge.Finding.CutConnections;
import dev.graceful.judge.Finding.EndedByNode;
import dev.graceful.judge.Finding.ExitedBeforeLeaving;
import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.FailedWhileDraining;
import dev.graceful.judge.Finding.Graceful;
import dev.graceful.judge.Finding.HookFailed;
import dev.graceful.judge.Finding.Inconclusive;
import dev.graceful.judge.Finding.KilledAtDeadline;
import dev.graceful.judge.Finding.KilledByOOM;
import dev.graceful.judge.Finding.LeftLate;
import dev.graceful.judge.Finding.NeverLeft;
import dev.graceful.judge.Finding.NoReadyEndpointLeft;
import dev.graceful.judge.Finding.NotApplicable;
import dev.graceful.judge.Finding.StoppedServingEarly;
import dev.graceful.judge.RestsOn;
import dev.graceful.observe.Asked;
import dev.graceful.observe.Timeline;
import java.util.Locale;

/** Says findings in sentences that a person can act on. */
final class Words {

  private Words() {}

  static String of(Finding finding) {
    return switch (finding) {
      case CutConnections f -> cutConnections(f);
      case FailedWhileDraining f ->
          "It still took requests and answered GET "
              + f.path()
              + switch (f.why()) {
                case ClientError -> " with 4xx, which it does not do otherwise, first ";
                case ServerError -> " with 5xx, first ";
              }
              + seconds(f.atMillis())
              + " after its deletion: something that requests need (a route, a database pool, a"
              + " helper in another container) was gone before the server was. Close the server"
              + " first, wait for its requests, then close what they need.";
      case StoppedServingEarly f -> stoppedServingEarly(f);
      case NeverLeft f ->
          "It was ready in an EndpointSlice to the very end: clients were sent to it all the time. A"
              + " Service with publishNotReadyAddresses does that, or the EndpointSlice controller"
              + " is down.";
      case ExitedBeforeLeaving f ->
          "It was still ready in an EndpointSlice "
              + seconds(f.readyAfterEndMillis())
              + " after it had ended: the EndpointSlice controller is behind. A preStop sleep that is"
              + " longer than that hides it.";
      case LeftLate f ->
          "It left its endpoints only "
              + seconds(f.leftMillis())
              + " after its deletion: the EndpointSlice controller is behind. Raise"
              + " propagationSeconds by as much.";
      case NoReadyEndpointLeft f ->
          "When it left, one of its Services had no other ready endpoint. Set maxUnavailable: 0 and"
              + " maxSurge: 1 (or more), have two replicas or more, and a PodDisruptionBudget.";
      case KilledAtDeadline f -> killedAtDeadline(f);
      case KilledByOOM f ->
          "It ran out of memory while it was being ended (OOMKilled): raise its memory limit.";
      case ExitedWithError f ->
          "Its process ended with exit code "
              + f.exitCode()
              + (f.reason().isEmpty() ? "" : " (" + f.reason() + ")")
              + ": a hard limit that was hit, or a shutdown handler that failed. Its log tells.";
      case HookFailed f ->
          f.told()
              ? "Its preStop hook failed (FailedPreStopHook), so SIGTERM came at once: the image lacks"
                  + " the hook's command, or it ended with an error. A preStop sleep needs neither."
              : "Its process had ended while its preStop hook still slept, before SIGTERM was due: it"
                  + " crashed, or something else ended it.";
      case EndedByNode f ->
          "Its node ended it"
              + (f.reason().isEmpty() ? "" : " (" + f.reason() + ")")
              + ", without a deletion: its endpoints are told last, and no hook helps. Requests and"
              + " limits that keep the node out of pressure do, and draining a node before it is"
              + " shut down.";
      case Inconclusive f -> inconclusive(f.why());
      case NotApplicable f ->
          switch (f.why()) {
            case NotExposed -> "It was in no EndpointSlice: no client was sent to it.";
            case NeverReady -> "It was never ready: no client was sent to it.";
          };
      case ConnectionsServed f -> connectionsServed(f);
      case Graceful f ->
          "It answered GET "
              + f.path()
              + " until at least "
              + seconds(f.marginMillis())
              + " after it had left its endpoints, and ended by itself.";
    };
  }

  static String of(Advice advice, Timeline timeline) {
    return switch (advice) {
      case EndedAtOnce ->
          "It ended with 143 within a second of SIGTERM: it has no handler, or it had nothing to"
              + " wait for. A slower verify.http.path would show which.";
      case KeepAliveHeld ->
          "It did not close an idle keep-alive connection at SIGTERM: such clients may hold it until"
              + " its end, and then lose a request. Close idle connections, or answer with"
              + " «Connection: close» while draining.";
      case KeepAliveUnannounced ->
          "It closed a keep-alive connection without having announced it: a client that sends at"
              + " that moment loses its request. Answer with «Connection: close» while draining.";
      case KeepAliveRace ->
          "It ended a connection while a request was on its way: answer with «Connection: close»"
              + " while draining.";
      case StillReady ->
          "Its readiness probe said yes long after SIGTERM: load balancers that poll it go on"
              + " sending.";
      case ProxyEndedFirst ->
          "The container "
              + (timeline.ending() == null ? "" : timeline.ending().proxyEndedFirst())
              + " ended before the app: make it a sidecar (an init container with restartPolicy:"
              + " Always), which ends last.";
      case LeftLateAndServed ->
          "It left its endpoints only "
              + seconds(timeline.leftMillis() == null ? 0 : timeline.leftMillis())
              + " after its deletion: the EndpointSlice controller is behind.";
    };
  }

  static String of(RestsOn restsOn, Timeline timeline) {
    Asked asked = timeline.asked();
    return switch (restsOn) {
      case Requests ->
          asked == null
              ? "requests"
              : "requests: GET " + asked.path() + ", ≤ " + asked.usualMillis() + " ms";
      case Connections -> "connections";
      case Status -> "status";
    };
  }

  private static String cutConnections(CutConnections f) {
    return "A request that it had was never answered: GET "
        + f.path()
        + " (usually ≤ "
        + f.usualMillis()
        + " ms) had been out for "
        + f.outMillis()
        + " ms when its connection ended. An unhandled SIGTERM, process.exit, or a close that does"
        + " not wait does that: stop listening, then wait for the requests in work.";
  }

  private static String connectionsServed(ConnectionsServed f) {
    return "It accepted connections until at least "
        + seconds(f.marginMillis())
        + " after it had left its endpoints, and ended by itself. "
        + switch (f.why()) {
          case NothingAsked ->
              "Nothing was requested of it: verify.http.path would show what becomes of requests.";
          case NotReady ->
              "Its readiness path answered 5xx, as it may: another verify.http.path would show what"
                  + " becomes of requests.";
          case NothingAnsweredAfterwards ->
              "At SIGTERM it ended the connections that were kept, and answered nothing after that:"
                  + " a slower verify.http.path would show what becomes of the requests that it has in"
                  + " hand.";
          case AnsweredWorse ->
              "Around SIGTERM a response on a kept connection was worse than usual (4xx or 5xx): a"
                  + " client has lost that request.";
          case NothingInHand ->
              "No request that it may have had in hand at SIGTERM was answered: what becomes of such"
                  + " requests is not known.";
          case SigtermUnknown ->
              "No request was in flight when SIGTERM came, as its preStop hook does not tell when that"
                  + " is: a preStop sleep, the same in each serving container, would show what becomes"
                  + " of such requests.";
          case LittleGrace ->
              "No request was in flight when SIGTERM came, as 5 s or less were left after it: a longer"
                  + " terminationGracePeriodSeconds would show what becomes of such requests.";
          case NotKept ->
              "No request was in flight when SIGTERM came, as it closes each connection, answers with"
                  + " more than 64 KiB, or serves one connection at a time: another verify.http.path"
                  + " may show what becomes of such requests.";
          case RequestLost ->
              "A request was lost with the kept connection that it came on: by chance, if the server"
                  + " took that one for idle, or as all that it has in hand is. Answer with"
                  + " «Connection: close» while draining.";
          case ProxyBefore ->
              "A proxy stands before the app and may have accepted for it: more cannot be claimed.";
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

  private static String inconclusive(Inconclusive.Why why) {
    return switch (why) {
      case OperatorAway ->
          "It ended, or was about to, when the operator was away or its leader changed.";
      case EndedBefore -> "It had ended before its deletion was seen: it crashed.";
      case WatchGap -> "The operator's watch was down when it mattered.";
      case ForceDeleted -> "Its grace period was cut short, or it was deleted with none.";
      case ExitUnknown -> "It was gone before its status told how it ended.";
      case LeavingNotSeen ->
          "It was not seen to leave its endpoints, and as it ended the operator could not see: it"
              + " stood still, or its watches were down.";
      case NotVerified ->
          "It ended by itself, but nobody saw it serve: the policy says verify.mode: None.";
      case NotReachable ->
          "It ended by itself, but the operator never reached any pod of its revision: does a"
              + " NetworkPolicy keep it out?";
      case NotProbed ->
          "It ended by itself, but more pods were ending at once than the operator probes.";
      case NodeAddress ->
          "It ended by itself, but nobody saw it serve: its address is its node's (hostNetwork), or"
              + " none that a pod has, and nothing is sent there.";
      case ServingNotProven ->
          "It ended by itself, but was not seen to serve as long as clients could come.";
    };
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
  }
}
