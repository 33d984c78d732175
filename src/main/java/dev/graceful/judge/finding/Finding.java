package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.RestsOn;

/** What is found in one termination. */
public sealed interface Finding
    permits ConnectionsServed,
        CutConnections,
        EndedByNode,
        ExitedBeforeLeaving,
        ExitedWithError,
        FailedWhileDraining,
        Graceful,
        HookFailed,
        Inconclusive,
        KilledAtDeadline,
        KilledByOOM,
        LeftLate,
        NeverLeft,
        NoReadyEndpointLeft,
        NotApplicable,
        StoppedServingEarly {

  /** The check that finds it, with its name and its severity. */
  Check check();

  /** What happened and what helps, in sentences that users read. */
  String message();

  /** What it was found by: the pod's status, unless a finding says otherwise. */
  default RestsOn restsOn(Evidence evidence) {
    return RestsOn.Status;
  }
}
