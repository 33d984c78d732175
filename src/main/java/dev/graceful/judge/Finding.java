package dev.graceful.judge;

/**
 * What is found in one termination. The order of the kinds below is their order in a verdict: the
 * first finding of a termination is its verdict.
 */
public sealed interface Finding {

  /** What a finding does to the good name of a revision. */
  enum Weight {
    /** Requests were dropped, or the process was not left to end by itself. */
    VIOLATION,
    /** Nobody can tell. Never counted as graceful. */
    INCONCLUSIVE,
    /** There was nothing to drop. */
    NOT_APPLICABLE,
    /** Seen to be good. */
    GOOD
  }

  /** The finding's name, as users see it. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** What it does to the good name of a revision. */
  Weight weight();

  /**
   * The pod refused connections, or had ended, while clients could still come.
   *
   * @param afterLeavingMillis how long after it left its endpoints; negative: before
   * @param ended whether its process had ended; else it refused connections
   */
  record StoppedServingEarly(
      long afterLeavingMillis, int propagationSeconds, int sleepSeconds, boolean ended)
      implements Finding {
    @Override
    public Weight weight() {
      return Weight.VIOLATION;
    }
  }

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

    @Override
    public Weight weight() {
      return Weight.VIOLATION;
    }
  }

  /** The process ended with an exit code other than 0 and 143 (128 + SIGTERM). */
  record ExitedWithError(int exitCode, String reason) implements Finding {
    @Override
    public Weight weight() {
      return Weight.VIOLATION;
    }
  }

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
      ServingNotProven
    }

    @Override
    public Weight weight() {
      return Weight.INCONCLUSIVE;
    }
  }

  /** No client could have been sent to it. */
  record NotApplicable(NotApplicable.Why why) implements Finding {

    /** Why no client could have been sent to it. */
    public enum Why {
      NotExposed,
      NeverReady
    }

    @Override
    public Weight weight() {
      return Weight.NOT_APPLICABLE;
    }
  }

  /**
   * It accepted connections as long as clients could come, and ended by itself. Not called
   * graceful: connections alone do not show what became of requests in flight.
   *
   * @param marginMillis how long after leaving its endpoints it was seen to serve
   */
  record ConnectionsServed(long marginMillis) implements Finding {
    @Override
    public Weight weight() {
      return Weight.GOOD;
    }
  }
}
