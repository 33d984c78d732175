package dev.graceful.e2e;

import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;

import dev.graceful.api.v1alpha1.Apply;
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
  private static final String FAILED = "FailedWhileDraining";
  private static final String EARLY = "StoppedServingEarly";
  private static final String KILLED = "KilledAtDeadline";
  private static final String ERROR = "ExitedWithError";
  private static final String NEVER_READY = "NotApplicable";
  private static final String INCONCLUSIVE = "Inconclusive";
  private static final String[] SERIES = {GRACEFUL, CONNECTIONS_SERVED, INCONCLUSIVE};

  private static final String ONE_MORE =
      "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  private static final String FIVE_MORE =
      "strategy: {rollingUpdate: {maxSurge: 5, maxUnavailable: 0}}";
  private static final String NO_MORE =
      "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

  /** The old ReplicaSet is deleted while its pods are still terminating. */
  private static final String NO_HISTORY = "revisionHistoryLimit: 0\n" + ONE_MORE;

  /** Shorter than Kubernetes' own, as some cases wait for its end. */
  private static final String SHORT_GRACE = "terminationGracePeriodSeconds: 10";

  private static final String SLOW = "mode: Http, http: {path: /query}";
  private static final String FAST = "mode: Http, http: {path: /fast}";
  private static final String LARGE = "mode: Http, http: {path: /large}";

  /** Its sleep of 4 s leaves 5 s of a grace period of 9 s. */
  private static final Policy SHORT_DRAIN = new Policy(Apply.OnRollout, 3, 5);

  /** It serves no port of the Service, and is gone at once. */
  private static final String SIDECAR = beside("exit", 9090);

  /** What a server does by itself. */
  private static final String OWN = "";

  /** Nobody keeps a connection. */
  private static final Traffic.Rate NEW_ONLY = new Traffic.Rate(30, 0);

  /** Each connection is used again before the server gives it up, and is hardly ever in flight. */
  private static final Traffic.Rate IDLE = new Traffic.Rate(30, 5);

  /** There is no moment when no connection is in flight. */
  private static final Traffic.Rate BUSY = new Traffic.Rate(30, 150);

  private Cases() {}

  /**
   * The table.
   *
   * @param database for those that query one
   */
  static List<Case> all(Database database) {
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
        Case.of("exit-fast-path", app("exit"), BOTH, CUT, EARLY).under(WATCHED.verifying(FAST)),
        // What is cut, only a path can show that takes a while; Graceful would be a lie.
        Case.of("exit-fast-path-protected", app("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(FAST)),
        // That it exited before its clients had heard of it, its status alone tells.
        Case.of("exit-unverified", app("exit"), BOTH, EARLY).under(WATCHED.verifying("mode: None")),

        // The textbook, and connections that are kept.
        Case.of("textbook", app("textbook"), NEW, EARLY).at(NEW_ONLY),
        Case.of("textbook-connections", app("textbook"), NEW, EARLY)
            .under(WATCHED.verifying("mode: Connect"))
            .at(NEW_ONLY),
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
            .at(IDLE),
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
            .at(IDLE),
        Case.of("kept-alive-busy-node18", node18("keepalive"), BOTH, KILLED)
            .under(PROTECTED)
            .at(BUSY),
        Case.of("textbook-node18", node18("textbook"), NEW, EARLY).at(NEW_ONLY),

        // closeIdleConnections, with the hard limit hit and not.
        Case.of("close-idle", app("closeidle"), NEW, EARLY),
        Case.of("close-idle-protected", app("closeidle"), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED),
        Case.of("close-idle-limit-hit", app("closeidlehit"), NEW, ERROR).under(PROTECTED),

        // Wait, then close.
        Case.of("wait-close", app("waitclose"), BOTH, GRACEFUL),
        Case.of("wait-close-slow-path", app("waitclose"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW)),
        Case.of("wait-close-connections", app("waitclose"), NEW, CONNECTIONS_SERVED)
            .under(WATCHED.verifying("mode: Connect")),
        Case.of("wait-close-unverified", app("waitclose"), NEW, INCONCLUSIVE)
            .under(WATCHED.verifying("mode: None")),
        Case.of("drain", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("drain-protected", app("drain"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED),

        // The pool.
        Case.of("pool-early", app("poolearly"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("pool-never", shortly("poolnever"), NEW, KILLED).under(WATCHED.verifying(SLOW)),
        Case.of("pool-early-database", withDatabase("poolearly", database), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("pool-never-database", withDatabase("poolnever", database), NEW, KILLED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("pool-last-database", withDatabase("waitclose", database), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),

        // Readiness.
        Case.of("ready-503", app("ready503"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
        Case.of("ready-500", app("ready500"), BOTH, GRACEFUL, CONNECTIONS_SERVED),
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
            KILLED),
        Case.of("npm", npm(), BOTH, ERROR, CUT, EARLY),
        Case.of("npm-protected", npm(), NEW, ERROR, CUT).under(PROTECTED.verifying(SLOW)),

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
        Case.of("tls-wait-close", tls("waitclose"), BOTH, GRACEFUL).overTls(),
        Case.of("tls-exit-protected", tls("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .overTls()
            .under(PROTECTED.verifying(SLOW)),

        // Other servers than Node.
        Case.of("go-wait", server("go", "wait"), BOTH, GRACEFUL).asking("/query"),
        Case.of("go-wait-slow-path", server("go", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("go-shutdown", server("go", "shutdown"), NEW, EARLY).asking("/query"),
        Case.of(
                "go-shutdown-protected",
                server("go", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("go-nothing-protected", server("go", "nothing"), BOTH, CUT, ERROR)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("java-wait", server("java", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        // The JDK's server knows of a request only once a thread works on it: on a busy node it
        // closes the connections of those that wait for one.
        Case.of(
                "java-shutdown-protected",
                server("java", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED,
                CUT)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("java-nothing-protected", server("java", "nothing"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("python-wait", server("python", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("python-shutdown", server("python", "shutdown"), NEW, EARLY).asking("/query"),
        Case.of(
                "python-shutdown-protected",
                server("python", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // Linux ignores a signal that the first process of a container has no handler for, unless
        // its main thread has it blocked, as while it makes another: then it ends at once.
        Case.of(
                "python-nothing",
                server("python", "nothing").andInPodSpec(SHORT_GRACE),
                BOTH,
                KILLED,
                EARLY)
            .asking("/query"),
        Case.of("uvicorn", server("uvicorn", OWN), NEW, EARLY).asking("/query"),
        Case.of("uvicorn-protected", server("uvicorn", OWN), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // Its listener stays open and nobody listens: what is taken by the kernel is reset later.
        Case.of("gunicorn", server("gunicorn", OWN), NEW, EARLY, CUT, FAILED).asking("/query"),
        Case.of("gunicorn-protected", server("gunicorn", OWN), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // What its timers find due as the signal comes is answered first: that may be all it has.
        Case.of("nginx-fast-protected", nginx(1), BOTH, CUT, CONNECTIONS_SERVED, GRACEFUL)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("nginx-quit", nginx(2), NEW, EARLY).asking("/query"),
        Case.of("nginx-quit-protected", nginx(2), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),

        // Two containers.
        Case.of("sidecar-leaves-first", app("waitclose").besides(SIDECAR), BOTH, GRACEFUL),
        // It ends with 3 as the app ends with 0.
        Case.of("sidecar-fails", app("waitclose").besides(beside("error", 9090)), BOTH, GRACEFUL),
        Case.of("proxy-leaves-first", behindProxy("nothing", "waitclose"), BOTH, CUT, EARLY)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("proxy-outlives-app", behindProxy("wait", "exit"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        // Who answered, the app or what stands before it, stays open.
        Case.of(
                "proxy-and-app-wait",
                behindProxy("wait", "waitclose"),
                BOTH,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .asking("/query"),

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

        // Ways to be ended.
        Case.of("alone-with-surge", app("waitclose").withReplicas(1), BOTH, GRACEFUL),
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
            .at(NEW_ONLY),

        // Several revisions at a time.
        Case.of("rollover", app("waitclose"), BOTH, GRACEFUL, NEVER_READY)
            .when(Disruption.ROLLOVER),
        Case.of("undo", app("waitclose"), BOTH, GRACEFUL, NEVER_READY).when(Disruption.UNDO),
        Case.of("pause", app("waitclose"), BOTH, GRACEFUL, NEVER_READY).when(Disruption.PAUSE),
        Case.of("scaled-meanwhile", app("waitclose"), BOTH, GRACEFUL, NEVER_READY)
            .when(Disruption.ROLLOUT_WHILE_SCALED),
        // What ends at once here loses whoever is still sent to it: nobody is.
        Case.of("undo-of-unready", app("waitclose"), BOTH, NEVER_READY)
            .when(Disruption.UNDO_OF_UNREADY),
        Case.of("undo-textbook", app("textbook"), NEW, EARLY, NEVER_READY)
            .when(Disruption.UNDO)
            .at(NEW_ONLY),

        // Whatever keeps the operator from having a request in hand at SIGTERM, that nothing was
        // dropped is not shown then; and an answer that gets worse is no good answer. Each loses
        // requests of its clients. How much of that is seen is another matter: what is cut at a
        // moment that was not known may have had no witness.
        Case.of("exec-sleep-exit", execSleep("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW)),
        Case.of(
                "short-drain-exit",
                app("exit").andInPodSpec("terminationGracePeriodSeconds: 9"),
                BOTH,
                CUT,
                CONNECTIONS_SERVED)
            .under(SHORT_DRAIN.verifying(SLOW)),
        Case.of("large-answers-exit", app("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(LARGE))
            .asking("/large"),
        Case.of("not-found-while-draining", app("notfound"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("not-found-while-draining-readiness", app("notfound"), BOTH, FAILED)
            .asking("/query"));
  }

  /**
   * Graceful by design, ten pods of each: for a long series. They serve on after SIGTERM, so that
   * more can be seen of them than of those that just end in time. How many are called so is a
   * figure of the series.
   */
  static List<Case> good() {
    return List.of(
        Case.of("series-wait-close", many(app("waitclose")), BOTH, SERIES),
        Case.of("series-ready-never", many(app("readynever")), BOTH, SERIES)
            .under(WATCHED.verifying(SLOW)),
        Case.of("series-drain", many(app("drain")), BOTH, SERIES).under(PROTECTED.verifying(SLOW)),
        Case.of("series-go-wait", many(server("go", "wait")), BOTH, SERIES).asking("/query"));
  }

  private static OwnersYaml many(OwnersYaml one) {
    return one.withReplicas(10).withSpec(FIVE_MORE);
  }

  private static OwnersYaml app(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTP");
  }

  private static OwnersYaml plain(String pattern) {
    return OwnersYaml.withoutProbe(Workload.NAME)
        .ending(Pattern.named(pattern))
        .withReplicas(2)
        .withSpec(ONE_MORE);
  }

  private static OwnersYaml shortly(String pattern) {
    return app(pattern).andInPodSpec(SHORT_GRACE);
  }

  private static OwnersYaml node18(String pattern) {
    return app(pattern).withImage("graceful-e2e-node18:1");
  }

  private static OwnersYaml shell() {
    return app("waitclose").withImage("graceful-e2e-shell:1");
  }

  /** A hook that is a command: how long it takes, only its owner knows. */
  private static OwnersYaml execSleep(String pattern) {
    return app(pattern)
        .withImage("graceful-e2e-shell:1")
        .andInContainer("lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}");
  }

  private static OwnersYaml npm() {
    return shell().andInContainer("command: [npm, start]");
  }

  private static OwnersYaml withDatabase(String pattern, Database database) {
    return shortly(pattern).withEnv("DATABASE_URL", database.url());
  }

  private static OwnersYaml server(String server, String end) {
    return app("textbook").withImage("graceful-e2e-servers:1").ending(Pattern.of(server, end));
  }

  /** A proxy serves the port, and the app behind it is a container of its own. */
  private static OwnersYaml behindProxy(String proxysEnd, String appsEnd) {
    return server("proxy", proxysEnd).besides(beside(appsEnd, 8081));
  }

  private static String beside(String pattern, int port) {
    return """
        - name: beside
          image: %s
          imagePullPolicy: IfNotPresent
          env: [{name: APP_ID, value: %s}, {name: PORT, value: "%d"}]
        """
        .formatted(Cluster.image("graceful-e2e-server:1"), Pattern.named(pattern).appId(), port);
  }

  private static OwnersYaml nginx(int version) {
    return app("textbook").withImage("graceful-e2e-nginx:" + version);
  }

  private static OwnersYaml tls(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTPS").withEnv("TLS", "1");
  }

  /** Nobody may look whether it is ready, as it does not survive two who come at a time. */
  private static OwnersYaml second() {
    return plain("second");
  }
}
