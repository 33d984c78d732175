package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.HTTP;
import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.readyOnManagement;
import static dev.graceful.e2e.Apps.withManagement;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.INCONCLUSIVE;

import java.util.List;

/** Several ports, and several Services. */
final class CasesOfPorts {

  private CasesOfPorts() {}

  static List<Case> all() {
    return List.of(
        // Two Services.
        Case.of(
            "two-services",
            app("waitclose").alsoBehind("another", "sessionAffinity: ClientIP"),
            BOTH,
            GRACEFUL),
        // A Service that never lets go of a pod is for discovery: no client comes by it.
        Case.of(
            "discovery-service",
            app("waitclose").alsoBehind("peers", "clusterIP: None, publishNotReadyAddresses: true"),
            BOTH,
            GRACEFUL),
        Case.of("metrics-port", withManagement("waitclose"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW)),
        Case.of("metrics-port-textbook", withManagement("textbook"), NEW, EARLY)
            .at(NEW_ONLY)
            .alike("textbook"),
        // Clients of the one port lose nothing, and those of the other all that they ask for.
        Case.of("other-port-closes-first", withManagement("managementfirst"), NEW, EARLY)
            .under(WATCHED.verifying(SLOW))
            .at(NEW_ONLY)
            .on(81)
            .alike("management-port-outlives"),
        // Report r06: the port that answers to the end is the one that readiness asks.
        Case.of("management-port-outlives", readyOnManagement("managementlast"), NEW, EARLY)
            .at(NEW_ONLY),
        // That slice has this pod alone: once it leaves, the Service has no ready endpoint.
        Case.of("late-slice", app("waitclose"), NEW, "NoReadyEndpointLeft")
            .under(WATCHED.verifying(SLOW))
            .when(Disruption.DELETION_LEAVING_LATE)
            .alike("never-left-slice"),
        Case.of("late-slice-textbook", app("textbook"), NEW, EARLY)
            .when(Disruption.DELETION_LEAVING_LATE)
            .at(NEW_ONLY)
            .alike("textbook"),
        // An operator that stood still as the pod ended has not seen it.
        Case.of("never-left-slice", app("waitclose"), BOTH, "NeverLeft", INCONCLUSIVE)
            .when(Disruption.DELETION_NEVER_LEAVING),
        Case.of(
                "udp-beside-tcp",
                app("waitclose").withPorts(HTTP + ", {name: dns, port: 53, protocol: UDP}"),
                BOTH,
                GRACEFUL)
            .under(WATCHED.verifying(SLOW)));
  }
}
