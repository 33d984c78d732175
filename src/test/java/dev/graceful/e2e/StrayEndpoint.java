package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * A pod in an EndpointSlice that the EndpointSlice controller does not keep: a program of its
 * owner's writes it, and may be late.
 *
 * @param pod its name
 * @param uid of the pod
 * @param address of the pod
 */
record StrayEndpoint(App app, String pod, String uid, String address) {

  /** Puts the pod there, as ready. */
  static StrayEndpoint of(App app, Pod pod) {
    var stray =
        new StrayEndpoint(
            app,
            pod.getMetadata().getName(),
            pod.getMetadata().getUid(),
            pod.getStatus().getPodIP());
    stray.write(true);
    return stray;
  }

  /** The slice says that it is not ready any more. */
  void leave() {
    write(false);
  }

  private void write(boolean ready) {
    app.kubectlWith(
        """
            apiVersion: v1
            kind: Service
            metadata: {name: stray}
            spec: {ports: [{name: http, port: 80, targetPort: 8080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: stray-1, labels: {kubernetes.io/service-name: stray}}
            addressType: IPv4
            ports: [{name: http, port: 8080, protocol: TCP}]
            endpoints:
              - addresses: [%s]
                conditions: {ready: %s, serving: true, terminating: %s}
                targetRef: {kind: Pod, namespace: %s, name: %s, uid: %s}
            """
            .formatted(address, ready, !ready, app.namespace(), pod, uid),
        "apply",
        "-f",
        "-");
  }
}
