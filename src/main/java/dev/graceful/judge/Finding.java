package dev.graceful.judge;

/** What is found in one termination. */
public sealed interface Finding {

  /** What a finding does to the good name of a revision. */
  enum Weight {
    /** Requests were dropped, or the process was not left to end by itself. */
    VIOLATION,
    /** Nobody can tell. Never counted as graceful. */
    INCONCLUSIVE,
    /** No hook and no policy could have helped: told, and counted apart. */
    APART,
    /** There was nothing to drop. */
    NOT_APPLICABLE,
    /** Seen to be good. */
    GOOD
  }

  /**
   * The kinds of findings, as users see their names. Their order is that of a verdict: the first
   * finding of a termination is its verdict.
   */
  enum Kind {
    CutConnections(Weight.VIOLATION),
    FailedWhileDraining(Weight.VIOLATION),
    StoppedServingEarly(Weight.VIOLATION),
    NeverLeft(Weight.VIOLATION),
    ExitedBeforeLeaving(Weight.VIOLATION),
    LeftLate(Weight.VIOLATION),
    NoReadyEndpointLeft(Weight.VIOLATION),
    KilledAtDeadline(Weight.VIOLATION),
    KilledByOOM(Weight.VIOLATION),
    ExitedWithError(Weight.VIOLATION),
    HookFailed(Weight.VIOLATION),
    EndedByNode(Weight.APART),
    Inconclusive(Weight.INCONCLUSIVE),
    NotApplicable(Weight.NOT_APPLICABLE),
    ConnectionsServed(Weight.GOOD),
    Graceful(Weight.GOOD);

    private final Weight weight;

    Kind(Weight weight) {
      this.weight = weight;
    }

    /** What it does to the good name of a revision. */
    public Weight weight() {
      return weight;
    }
  }

  /** Which kind it is. */
  default Kind kind() {
    return Kind.valueOf(getClass().getSimpleName());
  }

  /**
   * A request that the server had was never answered.
   *
   * @param outMillis how long it was out when the server ended its connection
   * @param usualMillis how long an answer of that path took before
   */
  record CutConnections(String path, long outMillis, long usualMillis) implements Finding {}

  /** It accepted requests, and its responses were worse than usual. */
  record FailedWhileDraining(String path, long atMillis, FailedWhileDraining.Why why)
      implements Finding {

    /** How the first of these responses was worse. */
    public enum Why {
      /** A 4xx, where the usual status is below 400. */
      ClientError,
      /** A 5xx. */
      ServerError
    }
  }

  /**
   * The pod refused connections, or had ended, while clients could still come.
   *
   * @param afterLeavingMillis how long after it left its endpoints; negative: before
   * @param ended whether its process had ended; else it refused connections
   */
  record StoppedServingEarly(
      long afterLeavingMillis, int propagationSeconds, int sleepSeconds, boolean ended)
      implements Finding {}

  /** Its endpoints were ready to the end. */
  record NeverLeft() implements Finding {}

  /** Its endpoints were still ready when it had ended. */
  record ExitedBeforeLeaving(long readyAfterEndMillis) implements Finding {}

  /** Its endpoints were ready for long after the deletion. */
  record LeftLate(long leftMillis) implements Finding {}

  /** One of its Services had no ready endpoint any more when it left. */
  record NoReadyEndpointLeft() implements Finding {}

  /** SIGKILL ended the pod when its grace period was over. */
  record KilledAtDeadline(KilledAtDeadline.Why why, long graceSeconds) implements Finding {

    /** What held it until then. */
    public enum Why {
      /** It answered to the end: nothing acted on SIGTERM. */
      SignalIgnored,
      /** It had stopped listening, and then waited for something that did not come. */
      ConnectionsHeld,
      /** Nobody knocked near the end. */
      Undetermined
    }
  }

  /** The kernel killed it for its memory while it drained. */
  record KilledByOOM() implements Finding {}

  /** The process ended with an exit code other than 0 and 143 (128 + SIGTERM). */
  record ExitedWithError(int exitCode, String reason) implements Finding {}

  /**
   * Its preStop hook did not do what it was there for.
   *
   * @param told whether the kubelet said so; else the process had ended while the hook slept
   */
  record HookFailed(boolean told) implements Finding {}

  /**
   * Its node ended it without a deletion: no endpoint is told before.
   *
   * @param reason as the pod's status has it
   */
  record EndedByNode(String reason) implements Finding {}

  /** It was not seen well enough to be judged. */
  record Inconclusive(Inconclusive.Why why) implements Finding {

    /** What was not seen, or could not be. */
    public enum Why {
      OperatorAway,
      EndedBefore,
      WatchGap,
      ForceDeleted,
      ExitUnknown,
      LeavingNotSeen,
      NotVerified,
      NotReachable,
      NotProbed,
      NodeAddress,
      ServingNotProven
    }
  }

  /** No client could have been sent to it. */
  record NotApplicable(NotApplicable.Why why) implements Finding {

    /** Why no client could have been sent to it. */
    public enum Why {
      NotExposed,
      NeverReady
    }
  }

  /**
   * It accepted connections as long as clients could come, and ended by itself. Not called
   * graceful: connections alone do not show what became of requests.
   *
   * @param marginMillis how long after leaving its endpoints it was seen to serve
   * @param why why it was not asked for more
   */
  record ConnectionsServed(long marginMillis, ConnectionsServed.Why why) implements Finding {

    /** Why connections are all that was seen. */
    public enum Why {
      /** It is not known what to request of it, or not wanted. */
      NothingAsked,
      /** Its readiness path said 5xx, as it may: from then on only connections tell. */
      NotReady,
      /**
       * It ended the connections that were kept, and answered nothing after that: so does a server
       * that had nothing in hand, and one that ends whatever it has.
       */
      NothingAnsweredAfterwards,
      /**
       * A request on a kept connection was lost, and it is not known whether others would have
       * been: a graceful server may have taken that connection for idle.
       */
      RequestLost,
      /** Some of its responses on kept connections were worse than usual. */
      AnsweredWorse,
      /** No request that it may have had in hand at SIGTERM was answered. */
      NothingInHand,
      /** No request was sent over SIGTERM, as nobody can tell when that came. */
      SigtermUnknown,
      /** No request was sent over SIGTERM, as too little time was left after it. */
      LittleGrace,
      /**
       * No request was sent over SIGTERM, as the pod keeps no connection, sends long responses, or
       * serves one connection at a time.
       */
      NotKept,
      /** A proxy stands before the app and may have answered for it. */
      ProxyBefore
    }
  }

  /**
   * It answered requests as long as clients could come, and ended by itself.
   *
   * @param marginMillis how long after leaving its endpoints it was seen to answer
   */
  record Graceful(long marginMillis, String path, long usualMillis) implements Finding {}
}
