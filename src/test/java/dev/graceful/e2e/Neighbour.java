package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Somebody who may do as they like in a namespace of their own, and in no other. */
record Neighbour(Cluster cluster, App hands) {

  /** That nobody listens on. */
  static final int PORT = 54_321;

  private static final String POD = "stray";

  /** Moves in. */
  static Neighbour in(Cluster cluster, String namespace) {
    cluster.createNamespace(namespace);
    return new Neighbour(cluster, new App(cluster.client(), namespace, "neighbour"));
  }

  String namespace() {
    return hands.namespace();
  }

  /** Says, as a kubelet would, that the preStop hook of somebody else's pod failed. */
  void saysThatHookFailed(Pod victim) {
    create(
        """
        apiVersion: v1
        kind: Event
        metadata: {generateName: forged-}
        involvedObject:
          apiVersion: v1
          kind: Pod
          namespace: %s
          name: %s
          uid: %s
        reason: FailedPreStopHook
        message: PreStopHook failed
        type: Warning
        source: {component: kubelet, host: node}
        reportingComponent: kubelet
        """
            .formatted(namespace(), victim.getMetadata().getName(), victim.getMetadata().getUid()));
  }

  /**
   * Passes a pod that ends with an error off as one of somebody else's ReplicaSet. The garbage
   * collector ends it, as it knows of no such owner in its namespace.
   */
  void endsPodOf(ReplicaSet victim, Progress progress) {
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec:
          containers:
            - name: server
              image: %s
              imagePullPolicy: IfNotPresent
              env: [{name: APP_ID, value: "%s"}]
              ports: [{name: http, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}
        """
            .formatted(
                POD,
                Workload.NAME,
                Cluster.image("graceful-e2e-server:1"),
                Pattern.named("error").appId()));
    hands.kubectl("wait", "pod/" + POD, "--for=condition=Ready", "--timeout=2m");
    hands.kubectl(
        "patch",
        "pod",
        POD,
        "--type=merge",
        "--patch",
        """
        {"metadata": {"ownerReferences": [{
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "%s", "uid": "%s", "controller": true}]}}
        """
            .formatted(victim.getMetadata().getName(), victim.getMetadata().getUid()));
    progress.until(
        "the pod of " + namespace() + " to be ended", Duration.ofMinutes(2), this::hasNoPod);
  }

  private boolean hasNoPod() {
    return cluster.client().pods().inNamespace(namespace()).withName(POD).get() == null;
  }

  /**
   * Publishes somebody else's pods as ready, on a port of its own choice, whatever a slice may say
   * of the namespace that they are in.
   */
  void publishes(List<Pod> victims) {
    for (String said : List.of(victims.getFirst().getMetadata().getNamespace(), namespace(), "")) {
      create(
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {generateName: forged-, labels: {kubernetes.io/service-name: %s}}
          addressType: IPv4
          ports: [{name: http, port: %d, protocol: TCP}]
          endpoints:
          %s
          """
              .formatted(
                  Workload.NAME,
                  PORT,
                  victims.stream()
                      .map(victim -> endpoint(victim, said))
                      .collect(Collectors.joining("\n"))));
    }
  }

  private static String endpoint(Pod victim, String namespace) {
    return "- {addresses: [%s], conditions: {ready: true}, targetRef: {kind: Pod, name: %s, uid: %s%s}}"
        .formatted(
            victim.getStatus().getPodIP(),
            victim.getMetadata().getName(),
            victim.getMetadata().getUid(),
            namespace.isEmpty() ? "" : ", namespace: " + namespace);
  }

  private void create(String yaml) {
    hands.kubectlWith(yaml, "create", "-f", "-");
  }
}
