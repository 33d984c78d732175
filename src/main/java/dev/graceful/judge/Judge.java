package dev.graceful.judge;

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
import dev.graceful.observe.Asked;
import dev.graceful.observe.Exchange;
import dev.graceful.observe.Exchange.Fate;
import dev.graceful.observe.Exit;
import dev.graceful.observe.IdleKeepAlive;
import dev.graceful.observe.Sigterm;
import dev.graceful.observe.Timeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges one termination. */
public final class Judge {

  /** 128 + SIGTERM: the default action, or what a JVM and others return after a clean shutdown. */
  private static final int TERMINATED = 143;

  private Judge() {}

  /** The findings of a termination, the verdict first. Never empty. */
  public static Verdict judge(Timeline timeline) {
    var seen = new Seen(timeline);
    List<Finding> findings =
        timeline.endedByNode() != null
            ? List.of(new EndedByNode(timeline.endedByNode()))
            : violations(seen);
    if (findings.isEmpty()) {
      findings = List.of(withoutViolation(seen));
    }
    return new Verdict(
        findings,
        restsOn(findings.getFirst(), seen),
        advice(seen),
        seen.lastServed,
        seen.refused,
        seen.margin(),
        drain(seen));
  }

  /** In the order of their kinds. */
  private static List<Finding> violations(Seen seen) {
    return Stream.<Optional<? extends Finding>>of(
            cutConnections(seen),
            failedWhileDraining(seen),
            stoppedServingEarly(seen),
            neverLeft(seen),
            exitedBeforeLeaving(seen),
            leftLate(seen),
            noReadyEndpointLeft(seen),
            killedAtDeadline(seen),
            killedByOom(seen),
            exitedWithError(seen),
            hookFailed(seen))
        .<Finding>flatMap(Optional::stream)
        .toList();
  }

  private static Optional<CutConnections> cutConnections(Seen seen) {
    Asked asked = seen.timeline.asked();
    if (asked == null) {
      return Optional.empty();
    }
    long usualMillis = usualMillis(asked, seen);
    if (usualMillis < Tolerances.SLOW_ENOUGH_MILLIS) {
      return Optional.empty();
    }
    // What a kernel resets was not taken from its socket: by a busy process that is no proof.
    long lyingAround = Math.max(Tolerances.TAKEN_MILLIS, usualMillis / 2);
    for (Exchange cut : seen.timeline.exchanges()) {
      long out = cut.outMillis();
      boolean taken =
          switch (cut.fate()) {
            case Cut -> out >= (isIdleRace(cut, seen) ? lyingAround : Tolerances.ARRIVED_MILLIS);
            case Reset -> out >= lyingAround;
            case Answered,
                AnsweredClosing,
                ClientError,
                ServerError,
                LetGo,
                ClosedIdle,
                NotConnected ->
                false;
          };
      if (taken
          && seen.timeline.exchanges().stream()
              .noneMatch(e -> e.isAnswered() && e.endedMillis() > cut.endedMillis())) {
        return Optional.of(new CutConnections(asked.path(), out, usualMillis));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether this may be the one connection whose request a graceful server had just read when it
   * closed the idle ones: those beside it had nothing out, and no other was cut.
   */
  private static boolean isIdleRace(Exchange cut, Seen seen) {
    List<Fate> together =
        seen.timeline.exchanges().stream()
            .filter(
                e -> Math.abs(e.endedMillis() - cut.endedMillis()) <= Tolerances.TOGETHER_MILLIS)
            .map(Exchange::fate)
            .toList();
    return together.contains(Fate.ClosedIdle) && Collections.frequency(together, Fate.Cut) == 1;
  }

  /** The first answers of a process are slow; those of its last minute say more, if there are. */
  private static long usualMillis(Asked asked, Seen seen) {
    long slowest =
        seen.timeline.exchanges().stream()
            .filter(Exchange::isAnswered)
            .mapToLong(e -> e.endedMillis() - e.sentMillis())
            .max()
            .orElse(asked.usualMillis());
    return Math.min(asked.usualMillis(), slowest);
  }

  private static Optional<FailedWhileDraining> failedWhileDraining(Seen seen) {
    Asked asked = seen.timeline.asked();
    if (asked == null) {
      return Optional.empty();
    }
    return seen.firstOfTwoFailures()
        .map(failed -> new FailedWhileDraining(asked.path(), failed.atMillis(), failed.why()));
  }

  private static Optional<StoppedServingEarly> stoppedServingEarly(Seen seen) {
    Timeline timeline = seen.timeline;
    if (!seen.applicable() || seen.forced() || seen.leftEarliest == null) {
      return Optional.empty();
    }
    long windowEnd = seen.leftEarliest + seen.windowMillis();
    @Nullable Long refusedInside =
        seen.refused != null && seen.refused < windowEnd ? seen.refused : null;
    boolean endedInside = seen.exit() != null && seen.endedMillis() < windowEnd;
    if (refusedInside == null && !endedInside) {
      return Optional.empty();
    }
    long stopped = refusedInside == null ? seen.endedMillis() : refusedInside;
    return Optional.of(
        new StoppedServingEarly(
            stopped - seen.left(),
            timeline.propagationSeconds(),
            timeline.template().sleepSeconds(),
            refusedInside == null));
  }

  private static Optional<NeverLeft> neverLeft(Seen seen) {
    // What happened unseen is known again once the operator sees: the end alone has to be seen.
    boolean shown =
        seen.applicable()
            && !seen.forced()
            && seen.exit() != null
            && seen.timeline.unseen() == null
            && seen.timeline.leftMillis() == null
            && !seen.blindBetween(
                seen.endedMillis() - Tolerances.WATCHES_APART_MILLIS, seen.endedMillis());
    return shown ? Optional.of(new NeverLeft()) : Optional.empty();
  }

  private static Optional<ExitedBeforeLeaving> exitedBeforeLeaving(Seen seen) {
    if (!seen.applicable() || seen.forced() || seen.exit() == null || seen.leftEarliest == null) {
      return Optional.empty();
    }
    long readyAfterEnd = seen.leftEarliest - seen.endedMillis();
    return readyAfterEnd > Tolerances.WATCHES_APART_MILLIS
        ? Optional.of(new ExitedBeforeLeaving(readyAfterEnd))
        : Optional.empty();
  }

  private static Optional<LeftLate> leftLate(Seen seen) {
    // What served as long as clients could come all the same has dropped nothing by it.
    return seen.applicable() && !seen.forced() && seen.isLeftLate() && !seen.servedTheWindow()
        ? Optional.of(new LeftLate(seen.left()))
        : Optional.empty();
  }

  private static Optional<NoReadyEndpointLeft> noReadyEndpointLeft(Seen seen) {
    return seen.applicable() && !seen.forced() && seen.timeline.lastOfItsService()
        ? Optional.of(new NoReadyEndpointLeft())
        : Optional.empty();
  }

  private static Optional<KilledAtDeadline> killedAtDeadline(Seen seen) {
    if (!seen.isDeadlineKill()) {
      return Optional.empty();
    }
    long ended = seen.endedMillis();
    KilledAtDeadline.Why why;
    if (seen.refused != null && seen.refused < ended - Tolerances.DEADLINE_MILLIS) {
      why = KilledAtDeadline.Why.ConnectionsHeld;
    } else if (seen.lastServed() >= ended - Tolerances.SERVED_TO_THE_END_MILLIS) {
      why = KilledAtDeadline.Why.SignalIgnored;
    } else {
      why = KilledAtDeadline.Why.Undetermined;
    }
    return Optional.of(new KilledAtDeadline(why, seen.timeline.graceSeconds()));
  }

  private static Optional<KilledByOOM> killedByOom(Seen seen) {
    Exit exit = seen.exit();
    return exit != null && seen.everServed() && Seen.isOutOfMemory(exit)
        ? Optional.of(new KilledByOOM())
        : Optional.empty();
  }

  private static Optional<ExitedWithError> exitedWithError(Seen seen) {
    Exit exit = seen.exit();
    if (exit == null
        || !seen.everServed()
        || exit.code() == 0
        || exit.code() == TERMINATED
        || Seen.isOutOfMemory(exit)
        || seen.isDeadlineKill()
        || (exit.code() == Seen.KILLED && seen.forced())) {
      return Optional.empty();
    }
    return Optional.of(new ExitedWithError(exit.code(), exit.reason()));
  }

  private static Optional<HookFailed> hookFailed(Seen seen) {
    if (!seen.everServed() || seen.forced()) {
      return Optional.empty();
    }
    if (seen.timeline.hookFailed()) {
      return Optional.of(new HookFailed(true));
    }
    return seen.applicable() && seen.endedDuringTheSleep()
        ? Optional.of(new HookFailed(false))
        : Optional.empty();
  }

  private static Finding withoutViolation(Seen seen) {
    Timeline timeline = seen.timeline;
    if (!seen.applicable()) {
      return new NotApplicable(
          timeline.everReady() ? NotApplicable.Why.NotExposed : NotApplicable.Why.NeverReady);
    }
    Inconclusive.Why why = whyInconclusive(seen);
    if (why != null) {
      return new Inconclusive(why);
    }
    Asked asked = timeline.asked();
    if (asked == null) {
      return new ConnectionsServed(
          seen.servedMargin(),
          timeline.template().proxy() == null
              ? ConnectionsServed.Why.NothingAsked
              : ConnectionsServed.Why.ProxyBefore);
    }
    if (!seen.answeredTheWindow()) {
      return new ConnectionsServed(seen.servedMargin(), ConnectionsServed.Why.NotReady);
    }
    if (seen.isSilentAfterSigterm()) {
      return new ConnectionsServed(
          seen.servedMargin(), ConnectionsServed.Why.NothingAnsweredAfterwards);
    }
    ConnectionsServed.Why missing = missingInFlight(seen);
    return missing == null
        ? new Graceful(seen.answeredMargin(), asked.path(), asked.usualMillis())
        : new ConnectionsServed(seen.servedMargin(), missing);
  }

  /** Null: a request was in flight across SIGTERM, and each such request was answered well. */
  private static ConnectionsServed.@Nullable Why missingInFlight(Seen seen) {
    Timeline timeline = seen.timeline;
    List<Exchange> exchanges = timeline.exchanges();
    if (exchanges.isEmpty()) {
      return timeline.sigterm() == null
          ? ConnectionsServed.Why.SigtermUnknown
          : timeline.leftTimeForClients()
              ? ConnectionsServed.Why.NotKept
              : ConnectionsServed.Why.LittleGrace;
    }
    if (exchanges.stream().anyMatch(Judge::isLost)) {
      return ConnectionsServed.Why.RequestLost;
    }
    if (exchanges.stream().anyMatch(seen::isFailure)) {
      return ConnectionsServed.Why.AnsweredWorse;
    }
    return seen.answeredAcrossSigterm() ? null : ConnectionsServed.Why.NothingInHand;
  }

  /** Whether the server had it, or had the time to take it, and never answered. */
  private static boolean isLost(Exchange exchange) {
    return switch (exchange.fate()) {
      case Cut -> exchange.outMillis() >= Tolerances.ARRIVED_MILLIS;
      case Reset -> exchange.outMillis() >= Tolerances.READ_MILLIS;
      case Answered, AnsweredClosing, ClientError, ServerError, LetGo, ClosedIdle, NotConnected ->
          false;
    };
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
    if (seen.forced()) {
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
      case NoPodsAddress -> {
        return Inconclusive.Why.NodeAddress;
      }
      case Knocked -> {}
    }
    if (seen.servedTheWindow()) {
      // Who serves no longer at all is told all the same; who serves may be somebody else.
      return timeline.template().hostNetwork() ? Inconclusive.Why.NodeAddress : null;
    }
    boolean leftLate = seen.leftEarliest != null && seen.leftEarliest < seen.left();
    return leftLate ? Inconclusive.Why.WatchGap : Inconclusive.Why.ServingNotProven;
  }

  private static RestsOn restsOn(Finding verdict, Seen seen) {
    boolean connected = seen.lastServed != null || seen.refused != null;
    return switch (verdict) {
      case CutConnections f -> RestsOn.Requests;
      case FailedWhileDraining f -> RestsOn.Requests;
      case Graceful f -> RestsOn.Requests;
      case ConnectionsServed f -> RestsOn.Connections;
      case StoppedServingEarly f when !connected -> RestsOn.Status;
      case StoppedServingEarly f -> seen.answered ? RestsOn.Requests : RestsOn.Connections;
      case KilledAtDeadline f when f.why() != KilledAtDeadline.Why.Undetermined ->
          seen.answered ? RestsOn.Requests : RestsOn.Connections;
      case NeverLeft f -> RestsOn.Status;
      case ExitedBeforeLeaving f -> RestsOn.Status;
      case LeftLate f -> RestsOn.Status;
      case NoReadyEndpointLeft f -> RestsOn.Status;
      case KilledAtDeadline f -> RestsOn.Status;
      case KilledByOOM f -> RestsOn.Status;
      case ExitedWithError f -> RestsOn.Status;
      case HookFailed f -> RestsOn.Status;
      case EndedByNode f -> RestsOn.Status;
      case Inconclusive f ->
          !connected ? RestsOn.Status : seen.answered ? RestsOn.Requests : RestsOn.Connections;
      case NotApplicable f -> RestsOn.Status;
    };
  }

  private static List<Advice> advice(Seen seen) {
    Timeline timeline = seen.timeline;
    List<Advice> advice = new ArrayList<>();
    Exit exit = seen.exit();
    Sigterm sigterm = timeline.sigterm();
    boolean cut = cutConnections(seen).isPresent();
    if (exit != null
        && exit.code() == TERMINATED
        && sigterm != null
        && !cut
        && seen.endedMillis() < sigterm.latestMillis() + Tolerances.AT_ONCE_MILLIS) {
      advice.add(Advice.EndedAtOnce);
    }
    IdleKeepAlive idle = timeline.idleKeepAlive();
    if (idle != null && idle.closedMillis() == null) {
      advice.add(Advice.KeepAliveHeld);
    } else if (idle != null && !idle.announced()) {
      advice.add(Advice.KeepAliveUnannounced);
    }
    if (!cut
        && timeline.exchanges().stream()
            .anyMatch(e -> e.fate() == Fate.Cut || e.fate() == Fate.Reset)) {
      advice.add(Advice.KeepAliveRace);
    }
    if (sigterm != null
        && timeline.template().readinessProbe()
        && timeline.unreadyMillis() == null
        && seen.exit() != null
        && seen.endedMillis() > sigterm.latestMillis() + Tolerances.STILL_READY_MILLIS) {
      advice.add(Advice.StillReady);
    }
    if (timeline.ending() != null && timeline.ending().proxyEndedFirst() != null) {
      advice.add(Advice.ProxyEndedFirst);
    }
    if (seen.applicable() && seen.isLeftLate() && seen.servedTheWindow()) {
      advice.add(Advice.LeftLateAndServed);
    }
    return List.copyOf(advice);
  }

  private static @Nullable Long drain(Seen seen) {
    Sigterm sigterm = seen.timeline.sigterm();
    if (sigterm == null || seen.exit() == null || seen.forced()) {
      return null;
    }
    long held =
        seen.timeline.exchanges().stream()
            .filter(e -> e.fate() != Fate.ClosedIdle && e.fate() != Fate.NotConnected)
            .mapToLong(e -> e.endedMillis() - sigterm.latestMillis())
            .max()
            .orElse(0);
    return Math.max(0, seen.endedMillis() - sigterm.latestMillis() - Math.max(0, held));
  }
}
