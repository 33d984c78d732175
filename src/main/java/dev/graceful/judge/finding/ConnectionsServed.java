package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.facts.UnfitPath;
import dev.graceful.judge.Crossing;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Requests.Loss;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * It accepted connections as long as clients could come, and ended by itself. Not called graceful:
 * connections alone do not show what became of requests.
 *
 * @param marginMillis how long after leaving its endpoints it was seen to serve
 * @param why why no more is claimed
 * @param unfit the path that was not requested; null: it is not that
 * @param port the one of several that was seen to serve for the shortest; null: the only one
 */
public record ConnectionsServed(
    long marginMillis, Why why, @Nullable UnfitPath unfit, @Nullable ProbedPort port)
    implements Finding {

  /** Why connections are all that is claimed, and what would show more. */
  public enum Why {
    NothingAsked(
        "Nothing was requested of it: a verify.http.path that it answers over HTTP/1.1 would show"
            + " what becomes of requests. gRPC, HTTP/2 without TLS and WebSockets are not tested."),
    PathUnfit("Nothing was requested of it."),
    NotReady(
        "Its readiness path answered 5xx, as it may: another verify.http.path would show what"
            + " becomes of requests."),
    LastAnswerWorse(
        "Its last response while clients could come was worse than usual (4xx or 5xx), or did not"
            + " come: a client has lost that request."),
    NothingAnsweredAfterwards(
        "At SIGTERM it ended the connections that it had, or took no other, and answered nothing"
            + " after that: a slower verify.http.path would show what becomes of the requests that"
            + " it has in hand."),
    RequestLost(
        "A request was lost with the connection that it came on: by chance, if the server"
            + " took that one for idle, or as all that it has in hand is. Answer with"
            + " «Connection: close» while draining."),
    AnsweredWorse(
        "Around SIGTERM a response to a request in flight was worse than usual (4xx or 5xx): a"
            + " client has lost that request."),
    NothingInHand(
        "No request that it may have had in hand at SIGTERM was answered: what becomes of such"
            + " requests is not known."),
    SigtermUnknown(
        "It is not known that a request was in flight when SIGTERM came, as its preStop hook does"
            + " not tell when that is: a preStop sleep, the same in each serving container, would"
            + " show what becomes of such requests."),
    HookOutlastsGrace(
        "But its preStop hook does not end before the grace period does: SIGTERM came only then,"
            + " and SIGKILL follows within 2 s, whatever it has in hand. Raise"
            + " terminationGracePeriodSeconds above what the hook takes, or shorten the hook."),
    LittleGrace(
        "No request was in flight when SIGTERM came, as 5 s or less were left after it: a longer"
            + " terminationGracePeriodSeconds would show what becomes of such requests."),
    NoneSent(
        "No request was in flight when SIGTERM came: its responses are longer than the 64 KiB that"
            + " are read, or it ended before one was sent. Another verify.http.path may show what"
            + " becomes of such requests."),
    ProxyBefore(
        "A proxy stands before the app and may have accepted for it: more cannot be claimed.");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }
  }

  public static final Check CHECK =
      new Check("ConnectionsServed", Severity.GOOD, ConnectionsServed::in);

  /** Empty: a request was in flight across SIGTERM, and all requests were answered well. */
  static Optional<ConnectionsServed> in(Evidence evidence) {
    return evidence
        .servedMarginMillis()
        .flatMap(
            margin ->
                Optional.ofNullable(why(evidence))
                    .map(
                        why ->
                            new ConnectionsServed(
                                margin,
                                why,
                                why == Why.PathUnfit ? evidence.timeline().unfit() : null,
                                evidence.serving().lastServed())));
  }

  private static @Nullable Why why(Evidence evidence) {
    if (evidence.isHookCut()) {
      return Why.HookOutlastsGrace;
    }
    ProbedPath asked = evidence.timeline().asked();
    if (asked == null) {
      return whyNothingAsked(evidence.timeline());
    }
    if (evidence.answeredMarginMillis().isEmpty()) {
      return asked.readinessPath() ? Why.NotReady : Why.LastAnswerWorse;
    }
    if (evidence.crossing() == Crossing.Silent) {
      return Why.NothingAnsweredAfterwards;
    }
    return evidence.requests().all().isEmpty()
        ? whyNoneInFlight(evidence.timeline())
        : whyNotAnswered(evidence, asked);
  }

  private static Why whyNothingAsked(Timeline timeline) {
    if (timeline.unfit() != null) {
      return Why.PathUnfit;
    }
    return timeline.template().proxy() == null ? Why.NothingAsked : Why.ProxyBefore;
  }

  private static Why whyNoneInFlight(Timeline timeline) {
    if (!timeline.leftTimeForClients()) {
      return Why.LittleGrace;
    }
    return timeline.sigterm() == null ? Why.SigtermUnknown : Why.NoneSent;
  }

  private static @Nullable Why whyNotAnswered(Evidence evidence, ProbedPath asked) {
    List<KeepAliveRequest> requests = evidence.requests().all();
    if (evidence.requests().isAnyLost(Loss.POSSIBLE)) {
      return Why.RequestLost;
    }
    if (requests.stream().anyMatch(each -> FailedWhileDraining.isFailure(each, asked))) {
      return Why.AnsweredWorse;
    }
    if (requests.stream().anyMatch(each -> each.fate().isWorse())) {
      return Why.NotReady;
    }
    if (evidence.crossing() == Crossing.Answered) {
      return null;
    }
    return evidence.timeline().sigterm() == null ? Why.SigtermUnknown : Why.NothingInHand;
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    return RestsOn.Connections;
  }

  @Override
  public String message() {
    return "It accepted connections "
        + (port == null ? "" : "to each of its ports, to " + port.shown() + " ")
        + "until at least "
        + Seconds.of(marginMillis)
        + " after it had left its endpoints, and ended by itself. "
        + why.sentence
        + (unfit == null ? "" : " " + unfit.message());
  }
}
