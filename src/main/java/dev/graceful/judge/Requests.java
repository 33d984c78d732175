package dev.graceful.judge;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.RequestFate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of the requests on kept connections.
 *
 * @param usualMillis how long a response takes at most; 0: nothing was requested
 * @param cut the first request that the server certainly had and never answered, nor any other
 *     after it; empty: there is none
 */
public record Requests(
    List<KeepAliveRequest> all, long usualMillis, Optional<KeepAliveRequest> cut) {

  /** What it says of the server that a request got no response. The later, the more it says. */
  public enum Loss {
    /** The request was answered, or the server did not end its connection. */
    NONE,
    /** The request may have crossed the end of its connection. */
    RACE,
    /** The server had the request, or the time to read it. */
    POSSIBLE,
    /** The server had taken the request, and no shutdown in good order leaves such a request. */
    CERTAIN
  }

  static Requests of(Timeline timeline) {
    List<KeepAliveRequest> all = timeline.keepAliveRequests();
    long usual = usualMillis(timeline.asked(), all);
    Optional<KeepAliveRequest> cut =
        all.stream()
            .filter(each -> usual >= Tolerances.SLOW_ENOUGH_MILLIS)
            .filter(each -> loss(each, all, usual) == Loss.CERTAIN && !isAnsweredAfter(each, all))
            .findFirst();
    return new Requests(all, usual, cut);
  }

  /** Whether a request was lost in this way, or in one that says more. */
  public boolean isAnyLost(Loss least) {
    return all.stream().anyMatch(each -> loss(each, all, usualMillis).compareTo(least) >= 0);
  }

  /**
   * A server takes a request from its socket before it closes the connection by a FIN. Its kernel
   * resets a connection whose request was not taken: of a busy server that proves nothing.
   */
  private static Loss loss(KeepAliveRequest lost, List<KeepAliveRequest> all, long usualMillis) {
    long taken = Math.max(Tolerances.TAKEN_MILLIS, usualMillis / 2);
    return switch (lost.fate()) {
      case Cut ->
          loss(
              lost,
              Tolerances.ARRIVED_MILLIS,
              isIdleRace(lost, all) ? taken : Tolerances.ARRIVED_MILLIS);
      case Reset -> loss(lost, Tolerances.READ_MILLIS, taken);
      case Answered,
          AnsweredClosing,
          ClientError,
          Unavailable,
          BadGateway,
          ServerError,
          LetGo,
          ClosedIdle,
          NotConnected ->
          Loss.NONE;
    };
  }

  private static Loss loss(KeepAliveRequest lost, long possibleMillis, long certainMillis) {
    if (lost.outMillis() >= certainMillis) {
      return Loss.CERTAIN;
    }
    return lost.outMillis() >= possibleMillis ? Loss.POSSIBLE : Loss.RACE;
  }

  /**
   * Whether this may be the one connection whose request a graceful server had just read when it
   * closed the idle ones: those beside it had nothing out, and no other was cut.
   */
  private static boolean isIdleRace(KeepAliveRequest cut, List<KeepAliveRequest> all) {
    List<RequestFate> together =
        all.stream()
            .filter(
                each ->
                    Math.abs(each.endedMillis() - cut.endedMillis()) <= Tolerances.TOGETHER_MILLIS)
            .map(KeepAliveRequest::fate)
            .toList();
    return together.contains(RequestFate.ClosedIdle)
        && together.stream().filter(fate -> fate == RequestFate.Cut).count() == 1;
  }

  private static boolean isAnsweredAfter(KeepAliveRequest cut, List<KeepAliveRequest> all) {
    return all.stream()
        .anyMatch(each -> each.isAnswered() && each.endedMillis() > cut.endedMillis());
  }

  /** The first responses of a process are slow; those of its last minute say more, if there are. */
  private static long usualMillis(@Nullable ProbedPath asked, List<KeepAliveRequest> all) {
    if (asked == null) {
      return 0;
    }
    long slowest =
        all.stream()
            .filter(KeepAliveRequest::isAnswered)
            .mapToLong(each -> each.endedMillis() - each.sentMillis())
            .max()
            .orElse(asked.usualMillis());
    return Math.min(asked.usualMillis(), slowest);
  }
}
