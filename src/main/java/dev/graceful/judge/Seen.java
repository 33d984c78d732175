package dev.graceful.judge;

import dev.graceful.judge.Finding.FailedWhileDraining;
import dev.graceful.observe.Asked;
import dev.graceful.observe.BlindSpot;
import dev.graceful.observe.Ending;
import dev.graceful.observe.Exchange;
import dev.graceful.observe.Exit;
import dev.graceful.observe.Knock;
import dev.graceful.observe.Sigterm;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.Verification;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A timeline with the moments and questions that several findings share. */
final class Seen {

  /** 128 + SIGKILL. */
  static final int KILLED = 137;

  final Timeline timeline;

  /** When it last accepted a connection, answered or not; null: never. */
  final @Nullable Long lastServed;

  /** When it last answered well; null: never. */
  final @Nullable Long lastAnswered;

  /** Whether it ever answered a request at all. */
  final boolean answered;

  /** When it was first proven to serve no longer; null: never. */
  final @Nullable Long refused;

  /** When it left at the earliest: a watch may have been down. Null: it was not seen to leave. */
  final @Nullable Long leftEarliest;

  Seen(Timeline timeline) {
    this.timeline = timeline;
    @Nullable Long served = null;
    @Nullable Long good = null;
    boolean any = false;
    for (Knock knock : timeline.knocks()) {
      switch (knock.outcome()) {
        case Answered -> {
          served = knock.atMillis();
          good = knock.atMillis();
          any = true;
        }
        case ClientError, ServerError -> {
          served = knock.atMillis();
          any = true;
        }
        case Accepted -> served = knock.atMillis();
        case Reset, Refused, TimedOut, Unreachable -> {}
      }
    }
    this.lastServed = served;
    this.lastAnswered = good;
    this.answered = any;
    // Where nobody was ever let in, a refusal tells of what stands before the pod, not of the pod.
    this.refused =
        timeline.verification() == Verification.Knocked
            ? firstOfTwoRefusals(timeline.knocks())
            : null;
    this.leftEarliest = leftEarliest(timeline);
  }

  /** Only asked where leaving was seen. */
  long left() {
    Long left = timeline.leftMillis();
    return left == null ? 0 : left;
  }

  long lastServed() {
    return lastServed == null ? Long.MIN_VALUE : lastServed;
  }

  long windowMillis() {
    return timeline.propagationSeconds() * 1_000L;
  }

  private long lastAnswered() {
    return lastAnswered == null ? Long.MIN_VALUE : lastAnswered;
  }

  /**
   * Whether it was seen to accept connections as long as clients could come. Only asked where
   * leaving was seen.
   */
  boolean servedTheWindow() {
    return lastServed() >= left() + windowMillis();
  }

  /**
   * Whether it was seen to answer requests as long as clients could come. Only asked where leaving
   * was seen.
   */
  boolean answeredTheWindow() {
    return lastAnswered() >= left() + windowMillis();
  }

  /** Whether SIGTERM ended connections that were kept, and nothing was answered from then on. */
  boolean isSilentAfterSigterm() {
    Sigterm sigterm = timeline.sigterm();
    if (sigterm == null) {
      return false;
    }
    long firstEnd =
        timeline.exchanges().stream()
            .filter(Exchange::isEndedByServer)
            .mapToLong(Exchange::endedMillis)
            .filter(ended -> ended >= sigterm.earliestMillis())
            .min()
            .orElse(Long.MAX_VALUE);
    return firstEnd != Long.MAX_VALUE
        && lastAnswered() <= firstEnd
        && timeline.exchanges().stream()
            .noneMatch(
                each ->
                    each.isAnswered()
                        && each.outUntilMillis() >= firstEnd + Tolerances.IN_ONE_MOMENT_MILLIS);
  }

  /** Whether it answered a request that it may have had in hand at SIGTERM, or got later. */
  boolean answeredAcrossSigterm() {
    Sigterm sigterm = timeline.sigterm();
    return sigterm != null
        && timeline.exchanges().stream()
            .anyMatch(
                e ->
                    e.isAnswered() && !isFailure(e) && e.endedMillis() >= sigterm.earliestMillis());
  }

  /** Only asked where it served the window. */
  long servedMargin() {
    return lastServed() - left();
  }

  /** Only asked where it answered through the window. */
  long answeredMargin() {
    return lastAnswered() - left();
  }

  boolean isLeftLate() {
    return leftEarliest != null && leftEarliest > Tolerances.LEFT_LATE_MILLIS;
  }

  /** Whether clients may have been sent to it, as far as is known. */
  boolean applicable() {
    return timeline.unseen() != null || (timeline.everReady() && timeline.exposed());
  }

  /** A pod that never served may end as it likes. */
  boolean everServed() {
    return timeline.everReady();
  }

  @Nullable Exit exit() {
    Ending ending = timeline.ending();
    Exit exit = ending == null ? null : ending.exit();
    // Made up by the kubelet when the runtime has lost the container.
    return exit == null || "ContainerStatusUnknown".equals(exit.reason()) ? null : exit;
  }

  long endedMillis() {
    Ending ending = timeline.ending();
    return ending == null ? Long.MAX_VALUE : ending.seenMillis();
  }

  @Nullable Long margin() {
    if (timeline.leftMillis() == null || (refused == null && lastServed == null)) {
      return null;
    }
    return (refused != null ? refused : lastServed()) - left();
  }

  /**
   * Deleted without a grace period, or with less than it had: a SIGKILL says nothing of the app.
   */
  boolean forced() {
    // The API takes no template with a grace period below the sleep: this one came with the
    // deletion.
    boolean belowSleep = timeline.graceSeconds() < timeline.template().sleepSeconds();
    return timeline.graceSeconds() == 0 || belowSleep || timeline.graceShortened();
  }

  /** The reason alone may be an old one: runtimes count kills of the container's whole life. */
  static boolean isOutOfMemory(Exit exit) {
    return exit.code() == KILLED && "OOMKilled".equals(exit.reason());
  }

  boolean isDeadlineKill() {
    Exit exit = exit();
    return exit != null
        && everServed()
        && exit.code() == KILLED
        && !isOutOfMemory(exit)
        && !forced()
        && endedMillis() >= timeline.graceSeconds() * 1_000 - Tolerances.DEADLINE_MILLIS;
  }

  /**
   * The kubelet sleeps on when the container has ended, and tells only then: so the clocks of the
   * cluster are asked too, as long as nobody saw it serve later than they say.
   */
  boolean endedDuringTheSleep() {
    Exit exit = exit();
    long sleepMillis = timeline.template().sleepSeconds() * 1_000L;
    if (exit == null || sleepMillis == 0) {
      return false;
    }
    if (endedMillis() < sleepMillis - Tolerances.SLEEP_OVER_MILLIS) {
      return true;
    }
    Long after = exit.afterDeletionSeconds();
    return after != null
        && refused != null
        && refused < sleepMillis - Tolerances.SLEEP_OVER_MILLIS
        && after * 1_000 < sleepMillis - Tolerances.SLEEP_OVER_MILLIS;
  }

  boolean blindBetween(long fromMillis, long toMillis) {
    return timeline.blindSpots().stream()
        .anyMatch(
            spot ->
                spot.fromMillis() <= toMillis
                    && fromMillis <= spot.toMillis() + Tolerances.AFTER_BLIND_MILLIS);
  }

  /** A response that was worse than usual. */
  record Failure(long atMillis, FailedWhileDraining.Why why) {}

  /**
   * The first of two responses that were failures, with no good one between them; on fresh
   * connections or on kept ones. One alone may be any day's.
   */
  Optional<Failure> firstOfTwoFailures() {
    @Nullable Failure first = null;
    for (Knock knock : timeline.knocks()) {
      FailedWhileDraining.Why why = why(knock.outcome());
      if (why != null && isFailure(why)) {
        if (first != null) {
          return Optional.of(first);
        }
        first = new Failure(knock.atMillis(), why);
      } else if (knock.outcome() == Knock.Outcome.Answered) {
        first = null;
      }
    }
    List<Failure> kept =
        timeline.exchanges().stream()
            .filter(this::isFailure)
            .map(e -> new Failure(e.endedMillis(), Objects.requireNonNull(why(e.fate()))))
            .toList();
    return kept.size() < 2 ? Optional.empty() : Optional.of(kept.getFirst());
  }

  private static FailedWhileDraining.@Nullable Why why(Knock.Outcome outcome) {
    return switch (outcome) {
      case ClientError -> FailedWhileDraining.Why.ClientError;
      case ServerError -> FailedWhileDraining.Why.ServerError;
      case Answered, Accepted, Reset, Refused, TimedOut, Unreachable -> null;
    };
  }

  private static FailedWhileDraining.@Nullable Why why(Exchange.Fate fate) {
    return switch (fate) {
      case ClientError -> FailedWhileDraining.Why.ClientError;
      case ServerError -> FailedWhileDraining.Why.ServerError;
      case Answered, AnsweredClosing, Cut, Reset, LetGo, ClosedIdle, NotConnected -> null;
    };
  }

  /** Whether a request on a kept connection got a response that counts as a failure. */
  boolean isFailure(Exchange exchange) {
    FailedWhileDraining.Why why = why(exchange.fate());
    return why != null && isFailure(why);
  }

  /** A readiness path may turn 5xx by itself, but not 4xx. */
  private boolean isFailure(FailedWhileDraining.Why why) {
    Asked asked = timeline.asked();
    return why == FailedWhileDraining.Why.ClientError || asked == null || !asked.readinessPath();
  }

  /** Timeouts and our own failures between two refusals neither join nor part them. */
  private static @Nullable Long firstOfTwoRefusals(List<Knock> knocks) {
    @Nullable Long first = null;
    for (Knock knock : knocks) {
      switch (knock.outcome()) {
        case Refused, Reset -> {
          if (first != null) {
            return first;
          }
          first = knock.atMillis();
        }
        case Answered, ClientError, ServerError, Accepted -> first = null;
        case TimedOut, Unreachable -> {}
      }
    }
    return null;
  }

  private static @Nullable Long leftEarliest(Timeline timeline) {
    Long left = timeline.leftMillis();
    if (left == null) {
      return null;
    }
    long earliest = left;
    for (BlindSpot spot : timeline.blindSpots()) {
      if (left <= spot.toMillis() + Tolerances.AFTER_BLIND_MILLIS) {
        earliest = Math.min(earliest, spot.fromMillis());
      }
    }
    return earliest;
  }
}
