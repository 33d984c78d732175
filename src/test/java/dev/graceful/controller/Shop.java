package dev.graceful.controller;

import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.api.v1alpha1.Verify;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.WorkloadRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A namespace with a Deployment web of one pod, on an API server that only stores. */
record Shop(KubernetesClient client) {

  static final String NAMESPACE = "shop";

  /** Gives the uid, which the server chooses. */
  String create(HasMetadata object) {
    return client.resource(object).create().getMetadata().getUid();
  }

  /**
   * Wakeups that reach nobody else.
   *
   * @param woken told of each by kind and name
   */
  static Wakeups wakeups(Consumer<String> woken) {
    var wakeups = new Wakeups();
    wakeups
        .policies()
        .setEventHandler(
            event -> woken.accept("policy " + event.getRelatedCustomResourceID().getName()));
    wakeups
        .protections()
        .setEventHandler(
            event -> woken.accept("protection " + event.getRelatedCustomResourceID().getName()));
    wakeups.policies().start();
    wakeups.protections().start();
    return wakeups;
  }

  /** The policies reach the watch as from their controller's informer, which is to be stopped. */
  SharedIndexInformer<GracefulPolicy> policies(ClusterWatch watch) {
    var own = new OwnObjects<GracefulPolicy>();
    watch.policies(own);
    return client
        .resources(GracefulPolicy.class)
        .inAnyNamespace()
        .runnableInformer(0)
        .itemStore(own)
        .run();
  }

  /** The pod is deleted, the watch has seen that, and it leaves its slice. */
  void podLeaves(ClusterWatch watch, String uid) {
    var web = new WorkloadRef(NAMESPACE, "web");
    deletesPod();
    await()
        .until(
            () ->
                watch
                        .evidence()
                        .ask(o -> o.workload(web).histories())
                        .getFirst()
                        .terminating()
                        .size()
                    == 1);
    client.resource(slice(1, uid, false, true)).update();
  }

  /** From here on the pod is terminating; a finalizer keeps it there. */
  private void deletesPod() {
    editPod(
        p ->
            p.edit()
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T10:00:30Z")
                .withDeletionGracePeriodSeconds(30L)
                .endMetadata()
                .build());
  }

  /** As the kubelet tells it. */
  void podExits() {
    editPod(
        p ->
            p.edit()
                .editStatus()
                .addNewContainerStatus()
                .withName("app")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .withReason("Completed")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
  }

  private void editPod(UnaryOperator<Pod> change) {
    Pod pod = Objects.requireNonNull(client.pods().inNamespace(NAMESPACE).withName("web-1").get());
    client.resource(change.apply(pod)).update();
  }

  /** For all Deployments; their pods are not probed. */
  static GracefulPolicy policy(String name, Apply apply) {
    var policy = new GracefulPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).withGeneration(1L).build());
    policy.setSpec(
        new GracefulPolicySpec(
            new LabelSelector(null, null),
            apply,
            5,
            30,
            null,
            new Verify(VerifyMode.None, null, null)));
    return policy;
  }

  /** The same for Deployments with this label alone. */
  static GracefulPolicySpec selecting(GracefulPolicySpec spec, String label, String value) {
    return new GracefulPolicySpec(
        new LabelSelector(Map.of(label, value), null),
        spec.apply(),
        spec.propagationSeconds(),
        spec.drainSeconds(),
        spec.readinessProbe(),
        spec.verify());
  }

  static Deployment deployment(String namespace, String name) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: %s, name: %s, uid: d-1, generation: 1, labels: {tier: web}}
        spec: {replicas: 1, template: {spec: {containers: [{name: app}]}}}
        status:
          {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
        """
            .formatted(namespace, name),
        Deployment.class);
  }

  /** Of the Deployment web of this uid, under the policy gentle of that one. */
  static DeploymentProtection protection(String deploymentUid, String policyUid) {
    return Serialization.unmarshal(
        """
        apiVersion: graceful.dev/v1alpha1
        kind: DeploymentProtection
        metadata:
          namespace: shop
          name: web
          generation: 1
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: %s}]
        spec: {policy: {name: gentle, uid: %s}}
        """
            .formatted(deploymentUid, policyUid),
        DeploymentProtection.class);
  }

  static ReplicaSet replicaSet() {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          namespace: shop
          name: web-abc
          ownerReferences:
            - {apiVersion: apps/v1, kind: Deployment, name: web, uid: d-1, controller: true}
        spec: {replicas: 1, template: {spec: {containers: [{name: app}]}}}
        """,
        ReplicaSet.class);
  }

  /** The pod web-1 or web-2. */
  static Pod pod(int number, String revision) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: shop
          name: web-%1$d
          finalizers: [example.com/stay]
          ownerReferences:
            - {apiVersion: apps/v1, kind: ReplicaSet, name: web-abc, uid: %2$s, controller: true}
        spec: {containers: [{name: app, ports: [{containerPort: 8080}]}]}
        status:
          podIP: 192.0.2.%1$d
          conditions: [{type: Ready, status: "True"}]
        """
            .formatted(number, revision),
        Pod.class);
  }

  /** With one of the pods alone. */
  static EndpointSlice slice(int number, String pod, boolean ready, boolean terminating) {
    return Serialization.unmarshal(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {namespace: shop, name: web-slice-%1$d}
        addressType: IPv4
        ports: [{port: 8080, protocol: TCP}]
        endpoints:
          - addresses: [192.0.2.%1$d]
            targetRef: {kind: Pod, name: web-%1$d, uid: %2$s}
            conditions: {ready: %3$s, terminating: %4$s}
        """
            .formatted(number, pod, ready, terminating),
        EndpointSlice.class);
  }
}
