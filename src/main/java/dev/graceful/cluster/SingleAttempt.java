package dev.graceful.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;

/**
 * A client that sends each request once. The client's own retries of a 429 or a 5xx keep the thread
 * that waits for them for up to two minutes, and with it everything else that the thread is for.
 */
final class SingleAttempt {

  private SingleAttempt() {}

  /** The same client, on the same connections, without retries. */
  static KubernetesClient of(KubernetesClient client) {
    var once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    return client.newClient(once).adapt(KubernetesClient.class);
  }
}
