package dev.graceful.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** HTTP to a pod's control port through the API server, for who is not in the pods' network. */
record PodProxy(KubernetesClient client, String namespace, String pod, int port) {

  String get(String path) {
    return client.raw(uri(path), "GET", null);
  }

  String post(String path, Map<String, ?> body) {
    return client.raw(uri(path), "POST", body);
  }

  private String uri(String path) {
    return "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":" + port + "/proxy" + path;
  }
}
