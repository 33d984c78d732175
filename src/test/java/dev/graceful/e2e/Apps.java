package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Apply;

/** What owners of the labelled cases write. */
final class Apps {

  static final String ONE_MORE = "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  static final String FIVE_MORE = "strategy: {rollingUpdate: {maxSurge: 5, maxUnavailable: 0}}";
  static final String NO_MORE = "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

  /** The old ReplicaSet is deleted while its pods are still terminating. */
  static final String NO_HISTORY = "revisionHistoryLimit: 0\n" + ONE_MORE;

  /** Shorter than Kubernetes' own, as some cases wait for its end. */
  static final String SHORT_GRACE = "terminationGracePeriodSeconds: 10";

  static final String SLOW = "mode: Http, http: {path: /query}";
  static final String FAST = "mode: Http, http: {path: /fast}";
  static final String LARGE = "mode: Http, http: {path: /large}";

  static final String TWO_SECONDS = "mode: Http, http: {path: /two-seconds}";

  /** Hooks, in flow style. */
  static final String EXEC_SLEEP = "exec: {command: [sh, -c, sleep 5]}";

  static final String EXEC_BIN_SLEEP = "exec: {command: [/usr/bin/sleep, '5']}";
  static final String EXEC_SLEEP_LONG = "exec: {command: [sh, -c, sleep 15]}";
  static final String SLEEP = "lifecycle: {preStop: {sleep: {seconds: 4}}}";

  /** The port of the clients, in flow style. */
  static final String HTTP = "{name: http, port: 80, targetPort: http}";

  /** Its sleep of 4 s leaves 5 s of a grace period of 9 s. */
  static final Policy SHORT_DRAIN = new Policy(Apply.OnRollout, 3, 5);

  /** It serves no port of the Service, and is gone at once. */
  static final String SIDECAR = beside("exit", 9090);

  /** What a server does by itself. */
  static final String OWN = "";

  /** Nobody keeps a connection. */
  static final Traffic.Rate NEW_ONLY = new Traffic.Rate(30, 0);

  /** As many as one that serves one at a time can serve. */
  static final Traffic.Rate FEW = new Traffic.Rate(20, 0);

  /** Each connection is used again before the server gives it up, and is hardly ever in flight. */
  static final Traffic.Rate IDLE = new Traffic.Rate(30, 5);

  /** There is no moment when no connection is in flight. */
  static final Traffic.Rate BUSY = new Traffic.Rate(30, 150);

  /** A pod that has just come is not what is tested: it gets clients once all of it is up. */
  private static final String ONCE_ALL_IS_UP =
      "startupProbe: {httpGet: {path: /query, port: http}, periodSeconds: 1, failureThreshold: 60}";

  private Apps() {}

  static OwnersYaml many(OwnersYaml one) {
    return one.withReplicas(10).withSpec(FIVE_MORE);
  }

  static OwnersYaml app(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTP");
  }

  static OwnersYaml plain(String pattern) {
    return OwnersYaml.withoutProbe(Workload.NAME)
        .ending(Pattern.named(pattern))
        .withReplicas(2)
        .withSpec(ONE_MORE);
  }

  static OwnersYaml shortly(String pattern) {
    return app(pattern).andInPodSpec(SHORT_GRACE);
  }

  static OwnersYaml node18(String pattern) {
    return app(pattern).withImage("graceful-e2e-node18:1");
  }

  static OwnersYaml shell() {
    return app("waitclose").withImage("graceful-e2e-shell:1");
  }

  /** A hook that is a command: how long it takes, only its owner knows. */
  static OwnersYaml execSleep(String pattern) {
    return app(pattern)
        .withImage("graceful-e2e-shell:1")
        .andInContainer("lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}");
  }

  static OwnersYaml npm() {
    return shell().andInContainer("command: [npm, start]");
  }

  static OwnersYaml withDatabase(String pattern, Database database) {
    return shortly(pattern).withEnv("DATABASE_URL", database.url());
  }

  static OwnersYaml server(String server, String end) {
    return app("textbook").withImage("graceful-e2e-servers:1").ending(Pattern.of(server, end));
  }

  /** A proxy serves the port, and the app behind it is a container of its own. */
  static OwnersYaml behindProxy(String proxysEnd, String appsEnd) {
    return server("proxy", proxysEnd).besides(beside(appsEnd, 8081));
  }

  static String beside(String pattern, int port) {
    return """
        - name: beside
          image: %s
          imagePullPolicy: IfNotPresent
          env: [{name: APP_ID, value: "%s"}, {name: PORT, value: "%d"}]
        """
        .formatted(Cluster.image("graceful-e2e-server:1"), Pattern.named(pattern).appId(), port);
  }

  static OwnersYaml nginx(int version) {
    return app("textbook").withImage("graceful-e2e-nginx:" + version);
  }

  static OwnersYaml tls(String pattern) {
    return plain(pattern).probedAt("/ready", "HTTPS").withEnv("TLS", "1");
  }

  /** Nobody may look whether it is ready, as it does not survive two who come at a time. */
  static OwnersYaml second() {
    return plain("second");
  }

  /** A management port in the Service as well, on 81. */
  static OwnersYaml withManagement(String pattern) {
    return management(app(pattern));
  }

  /** The same, and it is the management port that tells whether the pod is ready. */
  static OwnersYaml readyOnManagement(String pattern) {
    return management(plain(pattern))
        .andInContainer("readinessProbe: {httpGet: {path: /ready, port: 8081}, periodSeconds: 1}");
  }

  private static OwnersYaml management(OwnersYaml app) {
    return app.withEnv("MANAGEMENT_PORT", "8081")
        .withPorts(HTTP + ", {name: management, port: 81, targetPort: 8081}");
  }

  /** With a hook of its owner's, in flow style, in an image that has a shell. */
  static OwnersYaml ownHook(String pattern, String preStop) {
    return shell()
        .ending(Pattern.named(pattern))
        .andInContainer("lifecycle: {preStop: {" + preStop + "}}");
  }

  /** Nginx before php-fpm, each of which ends as the container runtime's signal tells it. */
  static OwnersYaml behindNginx(int nginx, String php) {
    return Front.nginxBefore(php)
        .withImage("graceful-e2e-nginx:" + nginx)
        .withReplicas(2)
        .withSpec(ONE_MORE);
  }

  /** One that needs the answer of another container for each of its own. */
  static OwnersYaml withHelper(String pattern, String helper) {
    return needingHelper(pattern).besides(beside(helper, 9090));
  }

  /** The same without that container. */
  static OwnersYaml needingHelper(String pattern) {
    return app(pattern).withEnv("HELPER_PORT", "9090").andInContainer(ONCE_ALL_IS_UP);
  }

  /** One whose database is reached through another container. */
  static OwnersYaml withRelay(String pattern, Database database) {
    return app(pattern)
        .withEnv("DATABASE_URL", database.url("127.0.0.1:6432"))
        .andInContainer(ONCE_ALL_IS_UP);
  }

  /** The container beside it, which passes the database's connections on, and ends at once. */
  static String relay(Database database) {
    return """
        - name: beside
          image: %s
          imagePullPolicy: IfNotPresent
          env: [{name: APP_ID, value: "%s"}, {name: PORT, value: "6432"}, {name: RELAY_TO, value: "%s"}]
        """
        .formatted(
            Cluster.image("graceful-e2e-servers:1"),
            Pattern.of("relay", "nothing").appId(),
            database.address());
  }

  /** As a native sidecar, which ends after the others. */
  static String asNativeSidecar(String container) {
    return "initContainers:\n" + container + "  restartPolicy: Always\n";
  }
}
