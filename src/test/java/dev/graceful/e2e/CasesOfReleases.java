package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.NO_HISTORY;
import static dev.graceful.e2e.Apps.NO_MORE;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.INCONCLUSIVE;
import static dev.graceful.e2e.Expected.NEVER_READY;

import java.util.List;

/** Ways to be ended, and releases that do not come to their end. */
final class CasesOfReleases {

  private CasesOfReleases() {}

  static List<Case> all() {
    return List.of(
        // Ways to be ended.
        Case.of("alone-with-surge", app("waitclose").withReplicas(1), BOTH, GRACEFUL)
            .alike("wait-close"),
        Case.of(
            "alone-without-surge",
            app("waitclose").withReplicas(1).withSpec(NO_MORE),
            NEW,
            "NoReadyEndpointLeft"),
        Case.of("scale-in", app("waitclose"), BOTH, GRACEFUL).when(Disruption.SCALE_IN),
        Case.of("eviction", app("waitclose"), BOTH, GRACEFUL).when(Disruption.EVICTION),
        Case.of("deletion", app("waitclose"), BOTH, GRACEFUL).when(Disruption.DELETION),
        // It serves on for longer than it is given, and clients have heard by then: nobody's fault.
        Case.of("deletion-cut-short", app("waitclose"), NEW, INCONCLUSIVE)
            .when(Disruption.DELETION_CUT_SHORT),
        Case.of("forced-deletion", app("waitclose"), NEW, INCONCLUSIVE)
            .when(Disruption.FORCED_DELETION),
        Case.of("kubelet-stopped", app("waitclose"), BOTH, GRACEFUL, INCONCLUSIVE)
            .when(Disruption.DELETION_WITHOUT_KUBELET),

        // The ReplicaSet is gone before its pods are.
        Case.of("no-history", app("waitclose").withSpec(NO_HISTORY), BOTH, GRACEFUL),
        Case.of("no-history-textbook", app("textbook").withSpec(NO_HISTORY), NEW, EARLY)
            .at(NEW_ONLY)
            .alike("no-history"),

        // Several revisions at a time.
        Case.of("rollover", app("waitclose"), BOTH, GRACEFUL, NEVER_READY)
            .when(Disruption.ROLLOVER),
        Case.of("undo", app("waitclose"), BOTH, GRACEFUL, NEVER_READY).when(Disruption.UNDO),
        Case.of("pause", app("waitclose"), BOTH, GRACEFUL, NEVER_READY).when(Disruption.PAUSE),
        Case.of("scaled-meanwhile", app("waitclose"), BOTH, GRACEFUL, NEVER_READY)
            .when(Disruption.ROLLOUT_WHILE_SCALED)
            .alike("pause"),
        // What ends at once here loses whoever is still sent to it: nobody is.
        Case.of("undo-of-unready", app("waitclose"), BOTH, NEVER_READY)
            .when(Disruption.UNDO_OF_UNREADY),
        Case.of("undo-textbook", app("textbook"), NEW, EARLY, NEVER_READY)
            .when(Disruption.UNDO)
            .at(NEW_ONLY)
            .alike("undo"),
        Case.of("undo-of-never-ready", app("waitclose"), BOTH, NEVER_READY)
            .when(Disruption.UNDO_OF_NEVER_READY),
        Case.of("undo-of-crashing", app("waitclose"), BOTH, NEVER_READY)
            .when(Disruption.UNDO_OF_CRASHING)
            .alike("undo-of-never-ready"),
        Case.of(
                "no-history-protected",
                app("textbook").withSpec(NO_HISTORY),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .at(NEW_ONLY)
            .alike("no-history"),
        Case.of(
                "no-history-rollover",
                app("waitclose").withSpec(NO_HISTORY),
                BOTH,
                GRACEFUL,
                NEVER_READY)
            .under(WATCHED.verifying(SLOW))
            .when(Disruption.ROLLOVER)
            .alike("rollover"),
        // Whoever deleted it gave it less than it needs: nobody's fault but his.
        Case.of("eviction-cut-short", app("waitclose"), NEW, INCONCLUSIVE)
            .when(Disruption.EVICTION_CUT_SHORT)
            .alike("deletion-cut-short"),
        Case.of("drain-cut-short", app("waitclose"), NEW, INCONCLUSIVE)
            .when(Disruption.DRAIN_CUT_SHORT)
            .alike("deletion-cut-short"),
        Case.of("deletion-textbook", app("textbook"), NEW, EARLY)
            .when(Disruption.DELETION)
            .at(NEW_ONLY)
            .alike("deletion"),
        Case.of("eviction-protected", app("textbook"), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .when(Disruption.EVICTION)
            .at(NEW_ONLY)
            .alike("eviction"));
  }
}
