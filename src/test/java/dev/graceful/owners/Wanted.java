package dev.graceful.owners;

import org.jspecify.annotations.Nullable;

/**
 * What an owner wants its app to be: the file that its tool is given.
 *
 * @param note an annotation of the template, to have a rollout that changes nothing else
 * @param ownHook seconds that an own preStop hook of the owner's sleeps; null: none
 * @param graceSeconds null: not declared
 * @param skip whether the owner opts out
 */
record Wanted(
    int image,
    String container,
    int replicas,
    String note,
    @Nullable Integer ownHook,
    @Nullable Integer graceSeconds,
    boolean skip) {

  static final String NAME = "web";

  /** What a Deployment has that says nothing else. */
  static final int DEFAULT_GRACE_SECONDS = 30;

  static Wanted first() {
    return new Wanted(1, "app", 2, "first", null, null, false);
  }

  Wanted withImage(int value) {
    return new Wanted(value, container, replicas, note, ownHook, graceSeconds, skip);
  }

  Wanted withContainer(String value) {
    return new Wanted(image, value, replicas, note, ownHook, graceSeconds, skip);
  }

  Wanted withReplicas(int value) {
    return new Wanted(image, container, value, note, ownHook, graceSeconds, skip);
  }

  Wanted withNote(String value) {
    return new Wanted(image, container, replicas, value, ownHook, graceSeconds, skip);
  }

  Wanted withOwnHook(int seconds) {
    return new Wanted(image, container, replicas, note, seconds, graceSeconds, skip);
  }

  Wanted withGrace(int seconds) {
    return new Wanted(image, container, replicas, note, ownHook, seconds, skip);
  }

  Wanted withSkip() {
    return new Wanted(image, container, replicas, note, ownHook, graceSeconds, true);
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
        spec:
          replicas: %3$d
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
                    - {name: http, containerPort: 8080}
        %8$s\
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
                    .formatted(ownHook));
  }
}
