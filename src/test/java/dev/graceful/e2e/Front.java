package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.util.List;

/**
 * An app of two containers, and its clients: they come through nginx, which closes its listener and
 * answers what is in flight when it is to end; behind it php-fpm does the work, and ends at once.
 */
final class Front implements AutoCloseable {

  private static final int CLIENTS = 2;
  private static final String PATH = "/work";

  private final Workload workload;
  private final Traffic traffic;
  private final Progress progress;

  private Front(Workload workload, Traffic traffic, Progress progress) {
    this.workload = workload;
    this.traffic = traffic;
    this.progress = progress;
  }

  /** Brings it up in a namespace of its own. */
  static Front deploy(Cluster cluster, String namespace, int replicas, Progress progress) {
    cluster.createNamespace(namespace);
    return new Front(
        Workload.deploy(
            cluster, namespace, nginxBefore("graceful-e2e-php:1").withReplicas(replicas)),
        Traffic.deploy(cluster, namespace, CLIENTS),
        progress);
  }

  /** Nginx before the php-fpm of this image. */
  static OwnersYaml nginxBefore(String php) {
    return OwnersYaml.withoutProbe(Workload.NAME)
        .withImage("graceful-e2e-nginx:2")
        .andInContainer("command: [/usr/sbin/nginx, -e, stderr, -c, /etc/nginx/front.conf]")
        // A pod that has just come is not what is tested: it gets clients once both are up.
        .andInContainer(
            "startupProbe: {httpGet: {path: %s, port: http}, periodSeconds: 1, failureThreshold: 60}"
                .formatted(PATH))
        .probedAt("/healthz", "HTTP")
        .besides(
            """
            - name: php
              image: %s
              imagePullPolicy: IfNotPresent
              resources: {requests: {cpu: 50m, memory: 32Mi}}
            """
                .formatted(Cluster.image(php)));
  }

  /** The same where php-fpm has a sleep of its owner's. */
  static OwnersYaml sleepingPhp(OwnersYaml front) {
    return front.besides(front.sidecars() + "  lifecycle: {preStop: {sleep: {seconds: 4}}}\n");
  }

  /** Until it serves its clients without a failure, under a policy that is as it wants things. */
  void awaitServedUnder(Policy policy) {
    workload.awaitSettled(progress);
    traffic.awaitReady(progress);
    workload.app().kubectlWith(policy.yaml(), "apply", "-f", "-");
    if (policy.rolls()) {
      progress.until(
          "the Deployment of " + workload.namespace() + " to be patched",
          Duration.ofMinutes(1),
          workload::hasPreStopSleep);
    }
    workload.app().word().awaitProgrammed(progress);
    workload.awaitSettled(progress);
    traffic.warmUp(progress, target());
  }

  /** The clients begin. */
  Traffic.Run begin(String runName, Traffic.Rate rate) {
    return traffic.start(runName, target(), rate);
  }

  Workload.Rollout rollOut() {
    return workload.rollOut();
  }

  /** The names of the containers whose preStop hook is a sleep, in the order of the template. */
  List<String> sleeping() {
    return workload.deployment().getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(Front::sleeps)
        .map(Container::getName)
        .toList();
  }

  private static boolean sleeps(Container container) {
    return container.getLifecycle() != null
        && container.getLifecycle().getPreStop() != null
        && container.getLifecycle().getPreStop().getSleep() != null;
  }

  private Traffic.Target target() {
    return new Traffic.Target(workload.url(), PATH);
  }

  @Override
  public void close() {
    traffic.close();
    workload.close();
  }
}
