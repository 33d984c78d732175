package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Requests.Loss;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Tolerances;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * It accepted connections as long as clients could come, and ended by itself. Not called graceful:
 * connections alone do not show what became of requests.
 *
 * @param marginMillis how long after leaving its endpoints it was seen to serve
 * @param why why no more is claimed
 * @param port the one of several that was seen to serve for the shortest; null: the only one
 */
public record ConnectionsServed(long marginMillis, Why why, @Nullable ProbedPort port)
    implements Finding {

  /** Why connections are all that is claimed, and what would show more. */
  public enum Why {
    NothingAsked(
        "Nothing was requested of it: a verify.http.path that it answers over HTTP/1.1 would show"
            + " what becomes of requests. gRPC, HTTP/2 without TLS and WebSockets are not tested."),
    NotReady(
        "Its readiness path answered 5xx, as it may: another verify.http.path would show what"
            + " becomes of requests."),
    NothingAnsweredAfterwards(
        "At SIGTERM it ended the connections that were kept, and answered nothing after that:"
            + " a slower verify.http.path would show what becomes of the requests that it has in"
            + " hand."),
    RequestLost(
        "A request was lost with the kept connection that it came on: by chance, if the server"
            + " took that one for idle, or as all that it has in hand is. Answer with"
            + " «Connection: close» while draining."),
    AnsweredWorse(
        "Around SIGTERM a response on a kept connection was worse than usual (4xx or 5xx): a"
            + " client has lost that request."),
    NothingInHand(
        "No request that it may have had in hand at SIGTERM was answered: what becomes of such"
            + " requests is not known."),
    SigtermUnknown(
        "No request was in flight when SIGTERM came, as its preStop hook does not tell when that"
            + " is: a preStop sleep, the same in each serving container, would show what becomes"
            + " of such requests."),
    LittleGrace(
        "No request was in flight when SIGTERM came, as 5 s or less were left after it: a longer"
            + " terminationGracePeriodSeconds would show what becomes of such requests."),
    NotKept(
        "No request was in flight when SIGTERM came, as it closes each connection, answers with"
            + " more than 64 KiB, or serves one connection at a time: another verify.http.path"
            + " may show what becomes of such requests."),
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
                            new ConnectionsServed(margin, why, evidence.serving().lastServed())));
  }

  private static @Nullable Why why(Evidence evidence) {
    ProbedPath asked = evidence.timeline().asked();
    if (asked == null) {
      return evidence.timeline().template().proxy() == null ? Why.NothingAsked : Why.ProxyBefore;
    }
    if (evidence.answeredMarginMillis().isEmpty()) {
      return Why.NotReady;
    }
    if (isSilentAfterSigterm(evidence)) {
      return Why.NothingAnsweredAfterwards;
    }
    return evidence.requests().all().isEmpty()
        ? whyNoneInFlight(evidence.timeline())
        : whyNotAnswered(evidence, asked);
  }

  private static Why whyNoneInFlight(Timeline timeline) {
    if (timeline.sigterm() == null) {
      return Why.SigtermUnknown;
    }
    return timeline.leftTimeForClients() ? Why.NotKept : Why.LittleGrace;
  }

  private static @Nullable Why whyNotAnswered(Evidence evidence, ProbedPath asked) {
    List<KeepAliveRequest> requests = evidence.requests().all();
    if (evidence.requests().isAnyLost(Loss.POSSIBLE)) {
      return Why.RequestLost;
    }
    if (requests.stream().anyMatch(each -> FailedWhileDraining.isFailure(each, asked))) {
      return Why.AnsweredWorse;
    }
    SigtermWindow sigterm = evidence.timeline().sigterm();
    return sigterm != null
            && requests.stream()
                .anyMatch(r -> r.isAnswered() && r.endedMillis() >= sigterm.earliestMillis())
        ? null
        : Why.NothingInHand;
  }

  /**
   * Whether SIGTERM ended connections that were kept, and nothing was answered from then on: so
   * does a server that had nothing in hand, and one that ends whatever it has.
   */
  private static boolean isSilentAfterSigterm(Evidence evidence) {
    SigtermWindow sigterm = evidence.timeline().sigterm();
    if (sigterm == null) {
      return false;
    }
    OptionalLong firstEnd =
        evidence.requests().all().stream()
            .filter(KeepAliveRequest::isEndedByServer)
            .mapToLong(KeepAliveRequest::endedMillis)
            .filter(ended -> ended >= sigterm.earliestMillis())
            .min();
    return firstEnd.isPresent() && !isAnsweredAfter(firstEnd.getAsLong(), evidence);
  }

  private static boolean isAnsweredAfter(long endMillis, Evidence evidence) {
    long surelyAfter = endMillis + Tolerances.IN_ONE_MOMENT_MILLIS;
    return evidence.serving().isAnsweredAfter(endMillis)
        || evidence.requests().all().stream()
            .anyMatch(each -> each.isAnswered() && each.outUntilMillis() >= surelyAfter);
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
        + why.sentence;
  }
}
