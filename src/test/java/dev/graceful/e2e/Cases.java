package dev.graceful.e2e;

import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;

import java.util.List;

/**
 * All labelled cases. What each app does at SIGTERM is told in {@code e2e/apps/README.md}.
 *
 * <p>The keep-alive kind is asked only where the app tells its clients before it lets go of them.
 */
final class Cases {

  private static final String GRACEFUL = "Graceful";
  private static final String CONNECTIONS_SERVED = "ConnectionsServed";
  private static final String CUT = "CutConnections";
  private static final String EARLY = "StoppedServingEarly";
  private static final String KILLED = "KilledAtDeadline";
  private static final String ERROR = "ExitedWithError";
  private static final String NEVER_READY = "NotApplicable";
  private static final String INCONCLUSIVE = "Inconclusive";

  private static final String ONE_MORE =
      "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  private static final String NO_MORE =
      "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

  /** Shorter than Kubernetes' own, as some cases wait for its end. */
  private static final String SHORT_GRACE = "terminationGracePeriodSeconds: 10";

  private static final String SLOW = "mode: Http, http: {path: /query}";
  private static final String FAST = "mode: Http, http: {path: /fast}";

  private static final Traffic.Rate NEW_ONLY = new Traffic.Rate(30, 0);

  /** Each connection is used again before the server gives it up, and is hardly ever in flight. */
  private static final Traffic.Rate IDLE = new Traffic.Rate(30, 5);

  /** There is no moment when no connection is in flight. */
  private static final Traffic.Rate BUSY = new Traffic.Rate(30, 150);

  private Cases() {}

  static List<Case> all() {
    return List.of(
        // Exit at once.
        Case.of("exit-slow-path", app("exit"), BOTH, CUT, EARLY).under(WATCHED.verifying(SLOW)),
        Case.of("exit-slow-path-protected", app("exit"), BOTH, CUT)
            .under(PROTECTED.verifying(SLOW)),
        Case.of("exit-fast-path", app("exit"), BOTH, CUT, EARLY).under(WATCHED.verifying(FAST)),
        // New connections are served to the end; what was cut, only a slow path can show.
        Case.of("exit-fast-path-protected", app("exit"), NEW, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(FAST)),
        Case.of("exit-unverified", app("exit"), BOTH, INCONCLUSIVE)
            .under(WATCHED.verifying("mode: None")),

        // The textbook, and connections that are kept.
        Case.of("textbook", app("textbook"), NEW, EARLY).at(NEW_ONLY),
        Case.of("textbook-connections", app("textbook"), NEW, EARLY)
            .under(WATCHED.verifying("mode: Connect")),
        Case.of("textbook-protected", app("textbook"), NEW, GRACEFUL).under(PROTECTED).at(NEW_ONLY),
        Case.of("textbook-protected-idle", app("textbook"), NEW, GRACEFUL, KILLED)
            .under(PROTECTED)
            .at(IDLE),
        Case.of("textbook-protected-busy", app("textbook"), BOTH, KILLED).under(PROTECTED).at(BUSY),
        Case.of("kept-alive-idle", app("keepalive"), NEW, GRACEFUL, KILLED)
            .under(PROTECTED)
            .at(IDLE),
        Case.of("kept-alive-busy", app("keepalive"), BOTH, KILLED).under(PROTECTED).at(BUSY),
        Case.of("kept-alive-idle-node18", node18("keepalive"), BOTH, KILLED)
            .under(PROTECTED)
            .at(IDLE),
        Case.of("kept-alive-busy-node18", node18("keepalive"), BOTH, KILLED)
            .under(PROTECTED)
            .at(BUSY),
        Case.of("textbook-node18", node18("textbook"), NEW, EARLY),

        // closeIdleConnections, with the hard limit hit and not.
        Case.of("close-idle", app("closeidle"), NEW, EARLY),
        Case.of("close-idle-protected", app("closeidle"), NEW, GRACEFUL).under(PROTECTED),
        Case.of("close-idle-limit-hit", app("closeidlehit"), NEW, ERROR).under(PROTECTED),

        // Wait, then close.
        Case.of("wait-close", app("waitclose"), NEW, GRACEFUL),
        Case.of("wait-close-slow-path", app("waitclose"), NEW, GRACEFUL)
            .under(WATCHED.verifying(SLOW)),
        Case.of("wait-close-connections", app("waitclose"), NEW, CONNECTIONS_SERVED)
            .under(WATCHED.verifying("mode: Connect")),
        Case.of("wait-close-unverified", app("waitclose"), NEW, INCONCLUSIVE)
            .under(WATCHED.verifying("mode: None")),
        Case.of("drain", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("drain-protected", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED),

        // The pool.
        Case.of("pool-early", app("poolearly"), BOTH, "FailedWhileDraining")
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("pool-never", shortly("poolnever"), NEW, KILLED).under(WATCHED.verifying(SLOW)),

        // Readiness.
        Case.of("ready-503", app("ready503"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("ready-500", app("ready500"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("ready-503-slow-path", app("ready503"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW)),
        Case.of("ready-never", app("readynever"), BOTH, GRACEFUL),

        // Signals that do not arrive.
        Case.of("no-handler", shortly("nohandler"), BOTH, KILLED),
        Case.of("shell", shell("waitclose", "[sh, -c, \"node server.js; true\"]"), BOTH, KILLED),
        Case.of("npm", shell("waitclose", "[npm, start]"), BOTH, ERROR, CUT, EARLY, KILLED),
        Case.of("npm-protected", shell("waitclose", "[npm, start]"), NEW, ERROR, CUT, KILLED)
            .under(PROTECTED.verifying(SLOW)),

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
        Case.of("second-connection", second(), NEW, CONNECTIONS_SERVED).at(Traffic.Rate.NONE),

        // TLS.
        Case.of("tls-textbook", tls("textbook"), NEW, EARLY).overTls().at(NEW_ONLY),
        Case.of("tls-wait-close", tls("waitclose"), NEW, GRACEFUL).overTls(),
        Case.of("tls-exit-protected", tls("exit"), BOTH, CUT)
            .overTls()
            .under(PROTECTED.verifying(SLOW)),

        // Ways to be ended.
        Case.of("alone-with-surge", app("waitclose").withReplicas(1), NEW, GRACEFUL),
        Case.of(
            "alone-without-surge",
            app("waitclose").withReplicas(1).withSpec(NO_MORE),
            NEW,
            "NoReadyEndpointLeft"),
        Case.of("scale-in", app("waitclose"), NEW, GRACEFUL).when(Deed.SCALE_IN),
        Case.of("eviction", app("waitclose"), NEW, GRACEFUL).when(Deed.EVICTION),
        Case.of("deletion", app("waitclose"), NEW, GRACEFUL).when(Deed.DELETION),
        Case.of("forced-deletion", app("waitclose"), NEW, INCONCLUSIVE).when(Deed.FORCED_DELETION),
        Case.of("kubelet-stopped", app("waitclose"), NEW, GRACEFUL, INCONCLUSIVE)
            .when(Deed.DELETION_WITHOUT_KUBELET),

        // Several revisions at a time.
        Case.of("rollover", app("waitclose"), NEW, GRACEFUL, NEVER_READY).when(Deed.ROLLOVER),
        Case.of("undo", app("waitclose"), NEW, GRACEFUL, NEVER_READY).when(Deed.UNDO),
        Case.of("pause", app("waitclose"), NEW, GRACEFUL, NEVER_READY).when(Deed.PAUSE),
        Case.of("scaled-meanwhile", app("waitclose"), NEW, GRACEFUL, NEVER_READY)
            .when(Deed.ROLLOUT_WHILE_SCALED),
        Case.of("undo-textbook", app("textbook"), NEW, EARLY, NEVER_READY)
            .when(Deed.UNDO)
            .at(NEW_ONLY));
  }

  private static OwnersYaml app(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTP");
  }

  private static OwnersYaml plain(String pattern) {
    return OwnersYaml.withoutProbe(Workload.NAME)
        .ending(new Pattern(pattern))
        .withReplicas(2)
        .withSpec(ONE_MORE);
  }

  private static OwnersYaml shortly(String pattern) {
    return app(pattern).andInPodSpec(SHORT_GRACE);
  }

  private static OwnersYaml node18(String pattern) {
    return app(pattern).withImage("graceful-e2e-node18:1");
  }

  private static OwnersYaml shell(String pattern, String command) {
    return shortly(pattern).withImage("graceful-e2e-shell:1").andInContainer("command: " + command);
  }

  private static OwnersYaml tls(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTPS").withEnv("TLS", "1");
  }

  /** Nobody may look whether it is ready, as it does not survive two who come at a time. */
  private static OwnersYaml second() {
    return plain("second");
  }
}
