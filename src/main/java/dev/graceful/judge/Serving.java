package dev.graceful.judge;

import dev.graceful.evidence.ProbedPort;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What fresh connections showed, in milliseconds since the deletion was seen. Of several ports that
 * were ever reached it is the worst: clients may come to each of them.
 *
 * @param lastServedMillis when one was last accepted, answered or not; null: never
 * @param lastServed the port of that; null: the only one
 * @param lastAnsweredMillis when a request was last answered well; null: never
 * @param answered whether any request was answered at all
 * @param refusedMillis when the pod was first proven to serve no longer; null: never
 * @param refused the port of that; null: the only one
 */
public record Serving(
    @Nullable Long lastServedMillis,
    @Nullable ProbedPort lastServed,
    @Nullable Long lastAnsweredMillis,
    boolean answered,
    @Nullable Long refusedMillis,
    @Nullable ProbedPort refused) {

  private static final Comparator<@Nullable Long> EARLIEST =
      Comparator.nullsLast(Comparator.naturalOrder());
  private static final Comparator<@Nullable Long> LEAST =
      Comparator.nullsFirst(Comparator.naturalOrder());

  static Serving of(Timeline timeline) {
    Ports ports = timeline.ports();
    ProbedPort asked = ports.asked();
    List<Ports.Other> others = ports.others().stream().filter(it -> it.port().reached()).toList();
    // Where no connection ever succeeded, a refusal may come from what stands before the pod.
    boolean reached = asked == null || asked.reached();
    Serving ofAsked =
        of(timeline.connectionAttempts(), reached && isReached(timeline), others, asked);
    return others.stream()
        .map(other -> of(other.connectionAttempts(), true, others, other.port()))
        .reduce(Serving::and)
        .map(ofOthers -> reached ? ofAsked.and(ofOthers) : ofOthers)
        .orElse(ofAsked);
  }

  private static boolean isReached(Timeline timeline) {
    return timeline.verification() == Verification.Reached;
  }

  private static Serving of(
      List<ConnectionAttempt> attempts,
      boolean refusalsCount,
      List<Ports.Other> others,
      @Nullable ProbedPort port) {
    @Nullable Long served = null;
    @Nullable Long good = null;
    boolean answered = false;
    for (ConnectionAttempt attempt : attempts) {
      switch (attempt.outcome()) {
        case Answered -> {
          served = attempt.atMillis();
          good = attempt.atMillis();
          answered = true;
        }
        case ClientError, Unavailable, BadGateway, ServerError -> {
          served = attempt.atMillis();
          answered = true;
        }
        case Accepted -> served = attempt.atMillis();
        case Unanswered, Reset, Refused, TimedOut, Unreachable -> {}
      }
    }
    ProbedPort named = others.isEmpty() ? null : port;
    return new Serving(
        served, named, good, answered, refusalsCount ? firstOfTwoRefusals(attempts) : null, named);
  }

  /** Of two ports the worse. Requests go to one alone. */
  private Serving and(Serving other) {
    boolean lessServed = LEAST.compare(other.lastServedMillis, lastServedMillis) < 0;
    boolean earlierRefused = EARLIEST.compare(other.refusedMillis, refusedMillis) < 0;
    return new Serving(
        lessServed ? other.lastServedMillis : lastServedMillis,
        lessServed ? other.lastServed : lastServed,
        lastAnsweredMillis == null ? other.lastAnsweredMillis : lastAnsweredMillis,
        answered || other.answered,
        earlierRefused ? other.refusedMillis : refusedMillis,
        earlierRefused ? other.refused : refused);
  }

  /** What a verdict by these connections rests on. */
  public RestsOn restsOn() {
    if (lastServedMillis == null && refusedMillis == null) {
      return RestsOn.Status;
    }
    return answered ? RestsOn.Requests : RestsOn.Connections;
  }

  /** Whether a connection was accepted at this moment or later. */
  public boolean isServedSince(long millis) {
    return lastServedMillis != null && lastServedMillis >= millis;
  }

  /** Whether a request was answered well after this moment. */
  public boolean isAnsweredAfter(long millis) {
    return lastAnsweredMillis != null && lastAnsweredMillis > millis;
  }

  /** Whether the pod was proven to serve no longer before this moment. */
  public boolean isRefusedBefore(long millis) {
    return refusedMillis != null && refusedMillis < millis;
  }

  /**
   * Timeouts and failures of the operator's own between two refusals neither join nor part them.
   */
  private static @Nullable Long firstOfTwoRefusals(List<ConnectionAttempt> connectionAttempts) {
    @Nullable Long first = null;
    for (ConnectionAttempt attempt : connectionAttempts) {
      switch (attempt.outcome()) {
        case Refused, Reset -> {
          if (first != null) {
            return first;
          }
          first = attempt.atMillis();
        }
        case Answered, ClientError, Unavailable, BadGateway, ServerError, Accepted -> first = null;
        case Unanswered, TimedOut, Unreachable -> {}
      }
    }
    return null;
  }
}
