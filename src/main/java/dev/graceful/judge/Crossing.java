package dev.graceful.judge;

import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.SigtermWindow;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What is known of the requests that were in flight across SIGTERM. */
public enum Crossing {
  /** One was in flight, and was answered as usual. */
  Answered,
  /** SIGTERM ended connections or the listener, and nothing was answered after that. */
  Silent,
  /** Nothing shows that one was in flight. */
  Unknown;

  /** What a termination shows. */
  public static Crossing of(Timeline timeline) {
    Serving serving = Serving.of(timeline);
    List<KeepAliveRequest> all = timeline.keepAliveRequests();
    SigtermWindow sigterm = timeline.sigterm();
    return sigterm == null
        ? ofUnknownMoment(timeline, serving)
        : ofKnownMoment(sigterm.earliestMillis(), all, serving);
  }

  /**
   * So does a server that had nothing in hand, and one that ends whatever it has: its connections
   * end, or it takes no other, and nothing is answered from then on.
   */
  private static Crossing ofKnownMoment(
      long earliestMillis, List<KeepAliveRequest> all, Serving serving) {
    Optional<Long> shown =
        all.stream()
            .filter(each -> each.isEndedByServer() || isTurnedAway(each, all))
            .map(KeepAliveRequest::endedMillis)
            .filter(ended -> ended >= earliestMillis)
            .min(Long::compare);
    if (shown.isPresent()) {
      long surelyAfter = shown.get() + Tolerances.IN_ONE_MOMENT_MILLIS;
      return serving.isAnsweredAfter(shown.get()) || isAnsweredOutAt(surelyAfter, all)
          ? answeredSince(earliestMillis, all)
          : Silent;
    }
    return answeredSince(earliestMillis, all);
  }

  private static Crossing answeredSince(long millis, List<KeepAliveRequest> all) {
    return all.stream().anyMatch(r -> r.fate().isAnsweredWell() && r.endedMillis() >= millis)
        ? Answered
        : Unknown;
  }

  private static boolean isAnsweredOutAt(long millis, List<KeepAliveRequest> all) {
    return all.stream().anyMatch(r -> r.fate().isAnsweredWell() && r.outUntilMillis() >= millis);
  }

  /** Whether no connection was to be had for it, and one was for a request before it. */
  private static boolean isTurnedAway(KeepAliveRequest request, List<KeepAliveRequest> all) {
    return request.fate() == RequestFate.NotConnected
        && all.stream()
            .anyMatch(r -> r.fate().isAnswered() && r.endedMillis() <= request.endedMillis());
  }

  /** The server shows that it has its SIGTERM once it lets no client in any more. */
  private static Crossing ofUnknownMoment(Timeline timeline, Serving serving) {
    List<KeepAliveRequest> all = timeline.keepAliveRequests();
    long lastLetIn =
        LongStream.concat(
                Stream.ofNullable(serving.lastServedMillis()).mapToLong(millis -> millis),
                all.stream()
                    .filter(each -> each.fate().isAnswered())
                    .mapToLong(KeepAliveRequest::sentMillis))
            .max()
            .orElse(0);
    return LongStream.concat(
            timeline.connectionAttempts().stream()
                .filter(ConnectionAttempt::isRefused)
                .mapToLong(ConnectionAttempt::atMillis),
            all.stream()
                .filter(each -> each.fate() == RequestFate.NotConnected)
                .mapToLong(KeepAliveRequest::endedMillis))
        .filter(refused -> refused > lastLetIn)
        .min()
        .stream()
        .mapToObj(refused -> isAnsweredOutAt(refused, all) ? Answered : Unknown)
        .findFirst()
        .orElse(Unknown);
  }
}
