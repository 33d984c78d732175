package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPort;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.GraceCut;
import dev.graceful.judge.Leaving;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Timeline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * It was not seen well enough to be judged, or it was not given its time.
 *
 * @param cut what was left of its grace period; null: it is not that
 * @param port the one of several that was not seen to serve long enough; null: it is not that
 */
public record Inconclusive(Why why, @Nullable GraceCut cut, @Nullable ProbedPort port)
    implements Finding {

  /** What was not seen, or could not be. */
  public enum Why {
    OperatorAway("It ended, or was about to, when the operator was away or its leader changed."),
    EndedBefore("It had ended before its deletion was seen: it crashed."),
    WatchGap("The operator's watch was down when it mattered."),
    ForceDeleted("It was deleted with no grace period."),
    GraceCutShort(
        "Its grace period was cut short by whoever deleted it (a drain, an eviction, kubectl): how it"
            + " ended says nothing of the app."),
    ExitUnknown("It was gone before its status showed how it ended."),
    LeavingNotSeen(
        "It was not seen to leave its endpoints, and as it ended the operator could not see: it"
            + " stood still, or its watches were down."),
    NotVerified(
        "It ended by itself, but was not seen to serve: the policy says verify.mode: None."),
    NotReachable(
        "It ended by itself, but the operator never reached any pod of its revision: does a"
            + " NetworkPolicy keep it out?"),
    NotProbed("It ended by itself, but more pods were ending at once than the operator probes."),
    NodeAddress(
        "It ended by itself, but was not seen to serve: its address is its node's (hostNetwork), or"
            + " none that a pod has, and nothing is sent there."),
    NoPortNamed(
        "It ended by itself, but was not seen to serve: verify.ports has none of the TCP ports that"
            + " clients use."),
    NoTcpPort(
        "It ended by itself, but was not seen to serve: its Services have no TCP port, and UDP and"
            + " SCTP cannot be verified."),
    ServingNotProven(
        "It ended by itself, but was not seen to serve as long as clients could come.");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }
  }

  public static final Check CHECK =
      new Check("Inconclusive", Severity.INCONCLUSIVE, Inconclusive::in);

  /** Empty: it was seen to serve as long as clients could come, and how it ended. */
  static Optional<Inconclusive> in(Evidence evidence) {
    return Optional.ofNullable(why(evidence))
        .map(
            why ->
                new Inconclusive(
                    why,
                    why == Why.GraceCutShort ? evidence.timeline().graceCut() : null,
                    why == Why.ServingNotProven ? evidence.serving().lastServed() : null));
  }

  private static @Nullable Why why(Evidence evidence) {
    Timeline timeline = evidence.timeline();
    if (timeline.unseen() != null) {
      return switch (timeline.unseen()) {
        case OperatorAway -> Why.OperatorAway;
        case EndedBefore -> Why.EndedBefore;
        case WatchGap -> Why.WatchGap;
      };
    }
    if (evidence.forced()) {
      return timeline.graceCut() == null ? Why.ForceDeleted : Why.GraceCutShort;
    }
    if (evidence.end().isEmpty()) {
      return Why.ExitUnknown;
    }
    if (evidence.leaving().isEmpty()) {
      return Why.LeavingNotSeen;
    }
    return switch (timeline.verification()) {
      case NotAsked -> Why.NotVerified;
      case NeverReachable -> Why.NotReachable;
      case Sampled -> Why.NotProbed;
      case NoPodsAddress -> Why.NodeAddress;
      case NoPortNamed -> Why.NoPortNamed;
      case NoTcpPort -> Why.NoTcpPort;
      case Reached -> whyNotServed(evidence);
    };
  }

  private static @Nullable Why whyNotServed(Evidence evidence) {
    if (evidence.servedMarginMillis().isPresent()) {
      return null;
    }
    return evidence.leaving().filter(Leaving::isSeenLate).isPresent()
        ? Why.WatchGap
        : Why.ServingNotProven;
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    return evidence.serving().restsOn();
  }

  @Override
  public String message() {
    if (cut != null) {
      return "It was given "
          + cut.givenSeconds()
          + " of "
          + cut.fullSeconds()
          + " s. "
          + why.sentence;
    }
    return port == null ? why.sentence : why.sentence + " That is so of " + port.shown() + ".";
  }
}
