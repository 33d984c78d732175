package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The cluster that the kubeconfig points at. */
final class Cluster implements AutoCloseable {

  /** Marks what the tests made, for whoever finds it. */
  static final String MADE_BY_TESTS = "graceful.dev/e2e";

  private static final int REQUEST_TIMEOUT_MILLIS = 180_000;

  private final KubernetesClient client;

  private Cluster(KubernetesClient client) {
    this.client = client;
  }

  static Cluster connect() {
    return new Cluster(client(config()));
  }

  /**
   * Another client of the cluster, for what goes on for long: HTTP/2 would have all requests on one
   * connection, and what ends one of them may end the connection.
   */
  static KubernetesClient clientOfConnectionsApart() {
    return client(config().withHttp2Disable(true));
  }

  private static ConfigBuilder config() {
    return new ConfigBuilder(Config.autoConfigure(null))
        // Stopping the traffic waits for the requests that are outstanding.
        .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
        .withRequestRetryBackoffLimit(2);
  }

  private static KubernetesClient client(ConfigBuilder config) {
    // Named, because the one that Quarkus brings along works only inside a Quarkus application.
    return new KubernetesClientBuilder()
        .withConfig(config.build())
        .withHttpClientFactory(new VertxHttpClientFactory())
        .build();
  }

  KubernetesClient client() {
    return client;
  }

  String kubernetesVersion() {
    return client.getKubernetesVersion().getGitVersion();
  }

  /** Whether it is the project's own node, which shares this machine's processes. */
  static boolean isOwn() {
    return !"current".equals(System.getenv("CLUSTER"));
  }

  static String image(String nameAndTag) {
    return imagePrefix() + nameAndTag;
  }

  /** Empty, or ends with a slash. */
  static String imagePrefix() {
    String prefix = Objects.requireNonNullElse(System.getenv("IMAGE_PREFIX"), "");
    return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** A new and empty namespace; one that is left from an earlier run is deleted first. */
  void createNamespace(String namespace) {
    Namespace existing = client.namespaces().withName(namespace).get();
    if (existing != null) {
      Map<String, String> labels = existing.getMetadata().getLabels();
      if (labels == null || !labels.containsKey(MADE_BY_TESTS)) {
        throw new IllegalStateException(
            "the cluster has a namespace " + namespace + " that is not of these tests");
      }
      deleteNamespace(namespace);
    }
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels(MADE_BY_TESTS, "true")
                .endMetadata()
                .build())
        .create();
  }

  /** Creates an object. A kubectl for each would take as much of the processors as an app. */
  void create(String namespace, String yaml) {
    client.resource(yaml).inNamespace(namespace).create();
  }

  /** Begins to delete a namespace with all that is in it. */
  void forget(String namespace) {
    client.namespaces().withName(namespace).delete();
  }

  /** Begins to delete all namespaces of these tests but one, with all that is in them. */
  void forgetAllBut(String namespace) {
    client
        .namespaces()
        .withLabel(MADE_BY_TESTS)
        .withLabelNotIn("kubernetes.io/metadata.name", namespace)
        .delete();
  }

  private void deleteNamespace(String namespace) {
    var resource = client.namespaces().withName(namespace);
    resource.delete();
    resource.waitUntilCondition(Objects::isNull, 10, TimeUnit.MINUTES);
  }

  /** Leaves a cluster that is somebody else's as it was; our own goes as a whole. */
  void cleanUp() {
    if (!isOwn()) {
      client.namespaces().withLabel(MADE_BY_TESTS).delete();
      Installation.uninstall();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
