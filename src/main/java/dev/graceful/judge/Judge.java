package dev.graceful.judge;

import dev.graceful.judge.Finding.ConnectionsServed;
import dev.graceful.judge.Finding.ExitedWithError;
import dev.graceful.judge.Finding.Inconclusive;
import dev.graceful.judge.Finding.KilledAtDeadline;
import dev.graceful.judge.Finding.NotApplicable;
import dev.graceful.judge.Finding.StoppedServingEarly;
import dev.graceful.observe.BlindSpot;
import dev.graceful.observe.Ending;
import dev.graceful.observe.Exit;
import dev.graceful.observe.Knock;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.Verification;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges one termination. */
public final class Judge {

  /** 128 + SIGKILL. */
  private static final int KILLED = 137;

  /** 128 + SIGTERM: the default action, or what a JVM and others return after a clean shutdown. */
  private static final int TERMINATED = 143;

  /**
   * A kill this close to the grace period is the deadline's: the kubelet starts up to a second late
   * and never leaves a container less than two seconds.
   */
  private static final long DEADLINE_TOLERANCE_MILLIS = 2_000;

  /** A watch that was down this shortly before an event may have delivered it late. */
  private static final long AFTER_BLIND_MILLIS = 200;

  private Judge() {}

  /** The findings of a termination, the verdict first. Never empty. */
  public static Verdict judge(Timeline timeline) {
    var seen = new Seen(timeline);
    List<Finding> findings =
        Stream.of(stoppedServingEarly(seen), killedAtDeadline(seen), exitedWithError(seen))
            .flatMap(Optional::stream)
            .toList();
    if (findings.isEmpty()) {
      findings = List.of(withoutViolation(seen));
    }
    return new Verdict(findings, seen.lastAccepted, seen.refused, seen.margin());
  }

  private static Finding withoutViolation(Seen seen) {
    if (!seen.applicable()) {
      return new NotApplicable(
          seen.timeline.everReady() ? NotApplicable.Why.NotExposed : NotApplicable.Why.NeverReady);
    }
    Inconclusive.Why why = whyInconclusive(seen);
    return why == null
        ? new ConnectionsServed(seen.lastAccepted() - seen.left())
        : new Inconclusive(why);
  }

  /** A timeline with the moments that several checks ask for. */
  private static final class Seen {
    final Timeline timeline;
    final @Nullable Long lastAccepted;
    final @Nullable Long refused;

    /** By when the pod must have left, and by when at the earliest: a watch may have been down. */
    final @Nullable Long leftEarliest;

    Seen(Timeline timeline) {
      this.timeline = timeline;
      this.lastAccepted = lastAccepted(timeline.knocks());
      // Where nobody was ever let in, a refusal tells of what stands before the pod, not of the
      // pod.
      this.refused =
          timeline.verification() == Verification.Connections
              ? firstOfTwoRefusals(timeline.knocks())
              : null;
      this.leftEarliest = leftEarliest(timeline);
    }

    /** Only asked where leaving was seen. */
    long left() {
      Long left = timeline.leftMillis();
      return left == null ? 0 : left;
    }

    long lastAccepted() {
      return lastAccepted == null ? Long.MIN_VALUE : lastAccepted;
    }

    long windowMillis() {
      return timeline.propagationSeconds() * 1_000L;
    }

    boolean applicable() {
      return timeline.unseen() != null || (timeline.everReady() && timeline.exposed());
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
      if (timeline.leftMillis() == null || (refused == null && lastAccepted == null)) {
        return null;
      }
      return (refused != null ? refused : lastAccepted()) - left();
    }

    private static @Nullable Long lastAccepted(List<Knock> knocks) {
      @Nullable Long last = null;
      for (Knock knock : knocks) {
        if (knock.outcome() == Knock.Outcome.Accepted) {
          last = knock.atMillis();
        }
      }
      return last;
    }

    /** Timeouts and our own failures between two refusals neither join nor part them. */
    private static @Nullable Long firstOfTwoRefusals(List<Knock> knocks) {
      @Nullable Long first = null;
      for (Knock knock : knocks) {
        switch (knock.outcome()) {
          case Refused -> {
            if (first != null) {
              return first;
            }
            first = knock.atMillis();
          }
          case Accepted -> first = null;
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
        if (spot.fromMillis() <= left && left <= spot.toMillis() + AFTER_BLIND_MILLIS) {
          earliest = Math.min(earliest, spot.fromMillis());
        }
      }
      return earliest;
    }
  }

  private static Optional<Finding> stoppedServingEarly(Seen seen) {
    Timeline timeline = seen.timeline;
    if (!seen.applicable() || forced(seen) || seen.leftEarliest == null) {
      return Optional.empty();
    }
    long windowEnd = seen.leftEarliest + seen.windowMillis();
    Long refused = seen.refused;
    boolean refusedInside = refused != null && refused < windowEnd;
    boolean endedInside = seen.exit() != null && seen.endedMillis() < windowEnd;
    if (!refusedInside && !endedInside) {
      return Optional.empty();
    }
    long stopped = refusedInside && refused != null ? refused : seen.endedMillis();
    return Optional.of(
        new StoppedServingEarly(
            stopped - seen.left(),
            timeline.propagationSeconds(),
            timeline.sleepSeconds(),
            !refusedInside));
  }

  private static Optional<Finding> killedAtDeadline(Seen seen) {
    Exit exit = seen.exit();
    if (!isDeadlineKill(seen, exit)) {
      return Optional.empty();
    }
    long ended = seen.endedMillis();
    KilledAtDeadline.Why why;
    if (seen.refused != null && seen.refused < ended - DEADLINE_TOLERANCE_MILLIS) {
      why = KilledAtDeadline.Why.ConnectionsHeld;
    } else if (seen.lastAccepted() >= ended - 2 * DEADLINE_TOLERANCE_MILLIS) {
      why = KilledAtDeadline.Why.SignalIgnored;
    } else {
      why = KilledAtDeadline.Why.Undetermined;
    }
    return Optional.of(new KilledAtDeadline(why, seen.timeline.graceSeconds()));
  }

  private static boolean isDeadlineKill(Seen seen, @Nullable Exit exit) {
    return exit != null
        && everServed(seen)
        && exit.code() == KILLED
        && !"OOMKilled".equals(exit.reason())
        && !forced(seen)
        && seen.endedMillis() >= seen.timeline.graceSeconds() * 1_000 - DEADLINE_TOLERANCE_MILLIS;
  }

  private static Optional<Finding> exitedWithError(Seen seen) {
    Exit exit = seen.exit();
    if (exit == null
        || !everServed(seen)
        || exit.code() == 0
        || exit.code() == TERMINATED
        || isDeadlineKill(seen, exit)
        || (exit.code() == KILLED && forced(seen))) {
      return Optional.empty();
    }
    return Optional.of(new ExitedWithError(exit.code(), exit.reason()));
  }

  /**
   * Deleted without a grace period, or with less than it had: a SIGKILL says nothing of the app.
   */
  private static boolean forced(Seen seen) {
    Timeline timeline = seen.timeline;
    // The API takes no template with a grace period below the sleep: this one came with the
    // deletion.
    boolean belowSleep = timeline.graceSeconds() < timeline.sleepSeconds();
    return timeline.graceSeconds() == 0 || belowSleep || timeline.graceShortened();
  }

  /** A pod that never served may end as it likes. */
  private static boolean everServed(Seen seen) {
    return seen.timeline.everReady();
  }

  /** Null: it was seen to serve as long as clients could come. */
  private static Inconclusive.@Nullable Why whyInconclusive(Seen seen) {
    Timeline timeline = seen.timeline;
    if (timeline.unseen() != null) {
      return switch (timeline.unseen()) {
        case OperatorAway -> Inconclusive.Why.OperatorAway;
        case EndedBefore -> Inconclusive.Why.EndedBefore;
        case WatchGap -> Inconclusive.Why.WatchGap;
      };
    }
    if (forced(seen)) {
      return Inconclusive.Why.ForceDeleted;
    }
    if (seen.exit() == null) {
      return Inconclusive.Why.ExitUnknown;
    }
    if (timeline.leftMillis() == null) {
      return Inconclusive.Why.LeavingNotSeen;
    }
    switch (timeline.verification()) {
      case NotAsked -> {
        return Inconclusive.Why.NotVerified;
      }
      case NeverReachable -> {
        return Inconclusive.Why.NotReachable;
      }
      case Sampled -> {
        return Inconclusive.Why.NotProbed;
      }
      case Connections -> {}
    }
    if (seen.lastAccepted() >= seen.left() + seen.windowMillis()) {
      return null;
    }
    boolean leftLate = seen.leftEarliest != null && seen.leftEarliest < seen.left();
    return leftLate ? Inconclusive.Why.WatchGap : Inconclusive.Why.ServingNotProven;
  }
}
