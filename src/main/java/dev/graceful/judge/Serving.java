package dev.graceful.judge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What fresh connections showed, in milliseconds since the deletion was seen.
 *
 * @param lastServedMillis when one was last accepted, answered or not; null: never
 * @param lastAnsweredMillis when a request was last answered well; null: never
 * @param answered whether any request was answered at all
 * @param refusedMillis when the pod was first proven to serve no longer; null: never
 */
public record Serving(
    @Nullable Long lastServedMillis,
    @Nullable Long lastAnsweredMillis,
    boolean answered,
    @Nullable Long refusedMillis) {

  static Serving of(Timeline timeline) {
    @Nullable Long served = null;
    @Nullable Long good = null;
    boolean answered = false;
    for (ConnectionAttempt attempt : timeline.connectionAttempts()) {
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
    // Where no connection ever succeeded, a refusal may come from what stands before the pod.
    boolean refusalsCount = timeline.verification() == Verification.Reached;
    return new Serving(
        served,
        good,
        answered,
        refusalsCount ? firstOfTwoRefusals(timeline.connectionAttempts()) : null);
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
