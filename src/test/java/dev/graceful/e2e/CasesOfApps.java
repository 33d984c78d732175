package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.BUSY;
import static dev.graceful.e2e.Apps.FAST;
import static dev.graceful.e2e.Apps.IDLE;
import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.SHORT_GRACE;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.node18;
import static dev.graceful.e2e.Apps.npm;
import static dev.graceful.e2e.Apps.second;
import static dev.graceful.e2e.Apps.shell;
import static dev.graceful.e2e.Apps.shortly;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.CUT;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.ERROR;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.INCONCLUSIVE;
import static dev.graceful.e2e.Expected.KILLED;

import java.util.List;

/** How apps of one container end that was not written for Kubernetes, or was. */
final class CasesOfApps {

  private CasesOfApps() {}

  static List<Case> all() {
    return List.of(
        // Exit at once.
        Case.of("exit-slow-path", app("exit"), BOTH, CUT, EARLY).under(WATCHED.verifying(SLOW)),
        // In the hands of one in ten there is no request at SIGTERM: of four, one at least has one.
        Case.of(
                "exit-slow-path-protected",
                app("exit").withReplicas(4),
                BOTH,
                CUT,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .someBeing(CUT),
        Case.of("exit-fast-path", app("exit"), BOTH, CUT, EARLY)
            .under(WATCHED.verifying(FAST))
            .alike("exit-slow-path"),
        // What is cut, only a path can show that takes a while; Graceful would be a lie.
        Case.of("exit-fast-path-protected", app("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(FAST)),
        // That it exited before its clients had heard of it, its status alone tells.
        Case.of("exit-unverified", app("exit"), BOTH, EARLY).under(WATCHED.verifying("mode: None")),

        // The textbook, and connections that are kept.
        Case.of("textbook", app("textbook"), NEW, EARLY).at(NEW_ONLY),
        Case.of("textbook-connections", app("textbook"), NEW, EARLY)
            .under(WATCHED.verifying("mode: Connect"))
            .at(NEW_ONLY)
            .alike("textbook"),
        Case.of("textbook-protected", app("textbook"), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED)
            .at(NEW_ONLY),
        Case.of(
                "textbook-protected-idle",
                app("textbook"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED,
                KILLED)
            .under(PROTECTED)
            .at(IDLE)
            .alike("kept-alive-idle"),
        // A pod whose connections all happen to be idle at SIGTERM closes them, and ends.
        Case.of("textbook-protected-busy", app("textbook"), BOTH, KILLED, CONNECTIONS_SERVED)
            .under(PROTECTED)
            .at(BUSY)
            .someBeing(KILLED),
        Case.of("kept-alive-idle", app("keepalive"), NEW, GRACEFUL, CONNECTIONS_SERVED, KILLED)
            .under(PROTECTED)
            .at(IDLE),
        Case.of("kept-alive-busy", app("keepalive"), BOTH, KILLED, CONNECTIONS_SERVED)
            .under(PROTECTED)
            .at(BUSY)
            .someBeing(KILLED),
        Case.of("kept-alive-idle-node18", node18("keepalive"), BOTH, KILLED)
            .under(PROTECTED)
            .at(IDLE)
            .alike("kept-alive-busy-node18"),
        Case.of("kept-alive-busy-node18", node18("keepalive"), BOTH, KILLED)
            .under(PROTECTED)
            .at(BUSY),
        Case.of("textbook-node18", node18("textbook"), NEW, EARLY).at(NEW_ONLY).alike("textbook"),

        // closeIdleConnections, with the hard limit hit and not.
        Case.of("close-idle", app("closeidle"), NEW, EARLY),
        Case.of("close-idle-protected", app("closeidle"), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED)
            .alike("textbook-protected"),
        Case.of("close-idle-limit-hit", app("closeidlehit"), NEW, ERROR).under(PROTECTED),

        // Wait, then close.
        Case.of("wait-close", app("waitclose"), BOTH, GRACEFUL),
        Case.of("wait-close-slow-path", app("waitclose"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .alike("wait-close"),
        Case.of("wait-close-connections", app("waitclose"), NEW, CONNECTIONS_SERVED)
            .under(WATCHED.verifying("mode: Connect")),
        Case.of("wait-close-unverified", app("waitclose"), NEW, INCONCLUSIVE)
            .under(WATCHED.verifying("mode: None")),
        Case.of("drain", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("drain-protected", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED)
            .alike("drain"),

        // Readiness.
        Case.of("ready-503", app("ready503"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("ready-500", app("ready500"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .alike("ready-503"),
        Case.of("ready-503-slow-path", app("ready503"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW)),
        Case.of("ready-never", app("readynever"), BOTH, GRACEFUL),

        // Signals that do not arrive.
        Case.of("no-handler", shortly("nohandler"), BOTH, KILLED),
        Case.of(
                "shell",
                shell()
                    .andInPodSpec(SHORT_GRACE)
                    .andInContainer("command: [sh, -c, \"node server.js; true\"]"),
                BOTH,
                KILLED)
            .alike("no-handler"),
        Case.of("npm", npm(), BOTH, ERROR, CUT, EARLY),
        Case.of("npm-protected", npm(), NEW, ERROR, CUT)
            .under(PROTECTED.verifying(SLOW))
            .alike("npm"),

        // Other ends that are not good.
        Case.of(
            "hook-fails",
            app("waitclose")
                .andInContainer(
                    "lifecycle: {preStop: {exec: {command: [/bin/drain-connections]}}}"),
            NEW,
            "HookFailed"),
        Case.of("out-of-memory", app("oom").withMemoryLimit("128Mi"), NEW, "KilledByOOM"),
        Case.of("hangs", app("hangs"), NEW, KILLED).under(PROTECTED),
        Case.of("error", app("error"), NEW, ERROR),
        Case.of("second-connection", second(), NEW, CONNECTIONS_SERVED).at(Traffic.Rate.NONE));
  }
}
