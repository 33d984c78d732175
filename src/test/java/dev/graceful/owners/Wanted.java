package dev.graceful.owners;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an owner wants its app to be: the file that its tool is given.
 *
 * @param note an annotation of the template, to have a rollout that changes nothing else
 * @param ownHook seconds that an own preStop hook of the owner's sleeps; null: none
 * @param graceSeconds null: not declared
 * @param skip whether the owner opts out
 * @param logsSleep seconds that an own preStop sleep of a second container takes; null: there is
 *     none
 * @param holdsPort whether a new pod waits for the end of the old one: it has a hostPort, and the
 *     Deployment maxSurge: 0
 * @param controller the uid of the ConfigMap of the Deployment's name that is its controlling
 *     owner; null: none is
 */
record Wanted(
    int image,
    String container,
    int replicas,
    String note,
    @Nullable Integer ownHook,
    @Nullable Integer graceSeconds,
    boolean skip,
    @Nullable Integer logsSleep,
    boolean holdsPort,
    @Nullable String controller) {

  static final String NAME = "web";

  private static final String LOGS = "logs";

  /** What a Deployment has that says nothing else. */
  static final int DEFAULT_GRACE_SECONDS = 30;

  static Wanted first() {
    return new Wanted(1, "app", 2, "first", null, null, false, null, false, null);
  }

  Wanted withImage(int value) {
    return new Wanted(
        value,
        container,
        replicas,
        note,
        ownHook,
        graceSeconds,
        skip,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withContainer(String value) {
    return new Wanted(
        image,
        value,
        replicas,
        note,
        ownHook,
        graceSeconds,
        skip,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withReplicas(int value) {
    return new Wanted(
        image,
        container,
        value,
        note,
        ownHook,
        graceSeconds,
        skip,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withNote(String value) {
    return new Wanted(
        image,
        container,
        replicas,
        value,
        ownHook,
        graceSeconds,
        skip,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withOwnHook(int seconds) {
    return new Wanted(
        image,
        container,
        replicas,
        note,
        seconds,
        graceSeconds,
        skip,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withGrace(int seconds) {
    return new Wanted(
        image, container, replicas, note, ownHook, seconds, skip, logsSleep, holdsPort, controller);
  }

  Wanted withSkip() {
    return new Wanted(
        image,
        container,
        replicas,
        note,
        ownHook,
        graceSeconds,
        true,
        logsSleep,
        holdsPort,
        controller);
  }

  Wanted withLogs(int seconds) {
    return new Wanted(
        image,
        container,
        replicas,
        note,
        ownHook,
        graceSeconds,
        skip,
        seconds,
        holdsPort,
        controller);
  }

  Wanted withHostPort() {
    return new Wanted(
        image, container, replicas, note, ownHook, graceSeconds, skip, logsSleep, true, controller);
  }

  Wanted withController(String uid) {
    return new Wanted(
        image, container, replicas, note, ownHook, graceSeconds, skip, logsSleep, holdsPort, uid);
  }

  /** The names of its containers. */
  List<String> containers() {
    return logsSleep == null ? List.of(container) : List.of(container, LOGS);
  }

  String imageName() {
    return "registry.invalid/web:" + image;
  }

  /** The Service and the Deployment. No scheduler runs, so the Deployment names the node. */
  String yaml() {
    return """
        apiVersion: v1
        kind: Service
        metadata:
          name: %1$s
        spec:
          selector: {app: %1$s}
          ports:
            - {name: http, port: 80, targetPort: http}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %1$s
          labels:
            tier: web
        %2$s\
        %9$s\
        spec:
          replicas: %3$d
        %10$s\
          selector:
            matchLabels: {app: %1$s}
          template:
            metadata:
              labels: {app: %1$s}
              annotations: {note: %4$s}
            spec:
              nodeName: node
        %5$s\
              containers:
                - name: %6$s
                  image: %7$s
                  ports:
                    - {name: http, containerPort: 8080%11$s}
        %8$s\
        %12$s\
        """
        .formatted(
            NAME,
            skip ? "    graceful.dev/skip: \"true\"\n" : "",
            replicas,
            note,
            graceSeconds == null
                ? ""
                : "      terminationGracePeriodSeconds: %d\n".formatted(graceSeconds),
            container,
            imageName(),
            ownHook == null
                ? ""
                : "          lifecycle: {preStop: {exec: {command: [sleep, \"%d\"]}}}\n"
                    .formatted(ownHook),
            controller == null
                ? ""
                : "  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, controller: true}]\n"
                    .formatted(NAME, controller),
            holdsPort
                ? "  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}\n"
                : "",
            holdsPort ? ", hostPort: 8080" : "",
            logsSleep == null
                ? ""
                : "        - {name: %s, image: 'registry.invalid/logs:1', lifecycle: {preStop: {sleep: {seconds: %d}}}}\n"
                    .formatted(LOGS, logsSleep));
  }
}
