package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.Map;
import java.util.Objects;

/** Stands between the operator and the API server, and takes single resources away from it. */
final class Faults implements AutoCloseable {

  private static final String NAME = "faults";
  private static final int API_PORT = 8443;
  private static final int CONTROL_PORT = 8090;

  private final Cluster cluster;

  private Faults(Cluster cluster) {
    this.cluster = cluster;
  }

  static Faults deploy(Cluster cluster, Progress progress) {
    cluster.client().resource(service()).create();
    cluster.client().resource(pod()).create();
    progress.until(
        "the faulty API server",
        Progress.PATIENCE,
        () -> {
          Pod pod =
              cluster.client().pods().inNamespace(Installation.NAMESPACE).withName(NAME).get();
          return pod != null && Readiness.isPodReady(pod);
        });
    return new Faults(cluster);
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(Installation.NAMESPACE)
        .withName(NAME)
        .addToLabels("app", NAME)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName(NAME)
        .withImage(Cluster.image("graceful-e2e-load:1"))
        .withImagePullPolicy("IfNotPresent")
        .withCommand("/faults")
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/healthz")
        .withNewPort(CONTROL_PORT)
        .endHttpGet()
        .withPeriodSeconds(1)
        .endReadinessProbe()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(Installation.NAMESPACE)
        .withName(NAME)
        .endMetadata()
        .withNewSpec()
        .addToSelector("app", NAME)
        .addNewPort()
        .withPort(443)
        .withTargetPort(new IntOrString(API_PORT))
        .endPort()
        .endSpec()
        .build();
  }

  /** Has the operator use this API server, until it is installed again without. */
  void standInForApiServer() {
    Service service =
        Objects.requireNonNull(
            cluster.client().services().inNamespace(Installation.NAMESPACE).withName(NAME).get());
    Installation.install(
        "extraEnv[0].name=QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL",
        "extraEnv[0].value=https://" + service.getSpec().getClusterIP() + ":443",
        "extraEnv[1].name=QUARKUS_KUBERNETES_CLIENT_TRUST_CERTS",
        "extraEnv[1].value=true");
  }

  void cut(String resource) {
    control().post("/cut?resource=" + resource, Map.of());
  }

  void mend(String resource) {
    control().post("/mend?resource=" + resource, Map.of());
  }

  /** What went through it, as JSON. */
  String counts() {
    return control().get("/counts");
  }

  private PodProxy control() {
    return new PodProxy(cluster.client(), Installation.NAMESPACE, NAME, CONTROL_PORT);
  }

  @Override
  public void close() {
    cluster.client().resource(pod()).delete();
    cluster.client().resource(service()).delete();
  }
}
