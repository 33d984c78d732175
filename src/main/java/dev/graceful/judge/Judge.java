package dev.graceful.judge;

import dev.graceful.judge.finding.Check;
import dev.graceful.judge.finding.ConnectionsServed;
import dev.graceful.judge.finding.CutConnections;
import dev.graceful.judge.finding.EndedByNode;
import dev.graceful.judge.finding.ExitedBeforeLeaving;
import dev.graceful.judge.finding.ExitedWithError;
import dev.graceful.judge.finding.FailedWhileDraining;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.Graceful;
import dev.graceful.judge.finding.HookFailed;
import dev.graceful.judge.finding.Inconclusive;
import dev.graceful.judge.finding.KilledAtDeadline;
import dev.graceful.judge.finding.KilledByOOM;
import dev.graceful.judge.finding.LeftLate;
import dev.graceful.judge.finding.NeverLeft;
import dev.graceful.judge.finding.NoReadyEndpointLeft;
import dev.graceful.judge.finding.NotApplicable;
import dev.graceful.judge.finding.StoppedServingEarly;
import dev.graceful.judge.hint.EndedAtOnce;
import dev.graceful.judge.hint.Hint;
import dev.graceful.judge.hint.KeepAliveHeld;
import dev.graceful.judge.hint.KeepAliveRace;
import dev.graceful.judge.hint.KeepAliveUnannounced;
import dev.graceful.judge.hint.LeftLateAndServed;
import dev.graceful.judge.hint.OtherContainerFailed;
import dev.graceful.judge.hint.PortsUnverified;
import dev.graceful.judge.hint.ProxyEndedFirst;
import dev.graceful.judge.hint.SigtermRaisedAgain;
import dev.graceful.judge.hint.StillReady;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Judges one termination by a chain of checks. */
public final class Judge {

  /**
   * The checks, in the order that they are made. Violations add up. Any other finding stands alone,
   * and only where nothing was found before it. A pod that was not given its time violates nothing.
   */
  public static final List<Check> CHAIN =
      List.of(
          EndedByNode.CHECK,
          CutConnections.CHECK,
          FailedWhileDraining.CHECK,
          StoppedServingEarly.CHECK,
          NeverLeft.CHECK,
          ExitedBeforeLeaving.CHECK,
          LeftLate.CHECK,
          NoReadyEndpointLeft.CHECK,
          KilledAtDeadline.CHECK,
          KilledByOOM.CHECK,
          ExitedWithError.CHECK,
          HookFailed.CHECK,
          NotApplicable.CHECK,
          Inconclusive.CHECK,
          ConnectionsServed.CHECK,
          Graceful.CHECK);

  private static final List<Function<Evidence, Optional<? extends Hint>>> HINTS =
      List.of(
          EndedAtOnce::in,
          KeepAliveHeld::in,
          KeepAliveUnannounced::in,
          KeepAliveRace::in,
          StillReady::in,
          ProxyEndedFirst::in,
          OtherContainerFailed::atItsEnd,
          OtherContainerFailed::inItsHook,
          SigtermRaisedAgain::in,
          LeftLateAndServed::in,
          PortsUnverified::in);

  private Judge() {}

  /** The termination with what is found in it. */
  public static Judged judge(Timeline timeline) {
    Evidence evidence = Evidence.of(timeline);
    List<Finding> findings = findings(evidence);
    return new Judged(
        timeline,
        new Verdict(
            findings,
            findings.getFirst().restsOn(evidence),
            HINTS.stream().<Hint>flatMap(hint -> hint.apply(evidence).stream()).toList(),
            evidence.serving().lastServedMillis(),
            evidence.serving().refusedMillis(),
            evidence.marginMillis(),
            Drain.millis(evidence)));
  }

  private static List<Finding> findings(Evidence evidence) {
    List<Finding> violations = new ArrayList<>();
    for (Check check : CHAIN) {
      if (check.severity() == Severity.VIOLATION && evidence.forced()) {
        continue;
      }
      Optional<? extends Finding> found = check.in().apply(evidence);
      if (found.isEmpty()) {
        continue;
      }
      if (check.severity() != Severity.VIOLATION) {
        return violations.isEmpty() ? List.of(found.get()) : List.copyOf(violations);
      }
      violations.add(found.get());
    }
    throw new IllegalStateException("nothing was found of " + evidence.timeline().pod());
  }
}
