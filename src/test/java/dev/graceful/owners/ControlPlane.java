package dev.graceful.owners;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One of those that e2e/cluster/control-planes-up.sh starts, seen from inside their network. */
final class ControlPlane implements AutoCloseable {

  private static final Path STATE = Path.of("build", "control-planes");
  private static final String OUR_API = "graceful.dev/v1alpha1";

  private final String version;
  private final KubernetesClient client;
  private final Tools tools;
  private final Map<String, Namespaced> namespaces = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<?>> watches = new ArrayList<>();

  private ControlPlane(String version) {
    this.version = version;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
            // Named, because the one that Quarkus brings along works only inside Quarkus.
            .withHttpClientFactory(new VertxHttpClientFactory())
            .build();
    this.tools = Tools.of(kubeconfig(), STATE.resolve("tools-" + version));
  }

  /**
   * @param version as the scripts name it: 1.36
   */
  static ControlPlane connect(String version) {
    var plane = new ControlPlane(version);
    if (!plane.kubeconfig().toFile().exists()) {
      throw new IllegalStateException(
          "the control planes are not up: run e2e/owners.sh, which starts them");
    }
    return plane;
  }

  String version() {
    return version;
  }

  /** For the administrator of the cluster. */
  Path kubeconfig() {
    return STATE.resolve(version + ".kubeconfig");
  }

  /** Every request that was answered, one JSON object a line. */
  Path auditLog() {
    return STATE.resolve("log").resolve(version + ".audit.log");
  }

  Path log(String name) {
    return STATE.resolve("log").resolve(version + "." + name + ".log");
  }

  KubernetesClient client() {
    return client;
  }

  Tools tools() {
    return tools;
  }

  /** Whether the operator's values can be in the owner's own write. */
  boolean hasMutatingAdmission() {
    return client.getApiResources("admissionregistration.k8s.io/v1").getResources().stream()
        .anyMatch(resource -> resource.getKind().equals("MutatingAdmissionPolicy"));
  }

  /** Starts to fill what {@link #namespace} returns; our kinds have to be known by now. */
  void watch() {
    watches.add(
        client
            .pods()
            .inAnyNamespace()
            .inform(
                new Change<>(
                    (pod, gone) ->
                        of(pod)
                            .pod(
                                pod.getMetadata().getUid(),
                                gone || pod.getMetadata().getDeletionTimestamp() != null))));
    watches.add(
        client
            .apps()
            .replicaSets()
            .inAnyNamespace()
            .inform(new Change<>((set, gone) -> of(set).replicaSet(set))));
    watches.add(
        client
            .apps()
            .deployments()
            .inAnyNamespace()
            .inform(new Change<>((is, gone) -> of(is).deployment(gone ? null : is))));
    watches.add(
        client
            .genericKubernetesResources(OUR_API, "GracefulPolicy")
            .inAnyNamespace()
            .inform(new Change<>((is, gone) -> of(is).policy(gone ? null : is))));
    watches.add(
        client
            .genericKubernetesResources(OUR_API, "DeploymentProtection")
            .inAnyNamespace()
            .inform(new Change<>((is, gone) -> of(is).protection(gone ? null : is))));
  }

  private Namespaced of(HasMetadata resource) {
    return namespace(resource.getMetadata().getNamespace());
  }

  Namespaced namespace(String name) {
    return namespaces.computeIfAbsent(name, _ -> new Namespaced());
  }

  /** One that was not there before. */
  void createNamespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    // Without it, no pod can be made.
    tools.need(
        "kubectl",
        "wait",
        "--namespace",
        name,
        "--for=create",
        "serviceaccount/default",
        "--timeout=5m");
  }

  /** Writes an object that is given in YAML. */
  void create(String namespace, String yaml) {
    client
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
  }

  void deletePolicy(String namespace) {
    client
        .genericKubernetesResources(OUR_API, "GracefulPolicy")
        .inNamespace(namespace)
        .withName(GovernedBy.NAME)
        .delete();
  }

  @Override
  public void close() {
    watches.forEach(SharedIndexInformer::close);
    client.close();
  }

  /** What is there, from the first sight to its end. */
  private record Change<T extends @Nullable Object>(BiConsumer<T, Boolean> seen)
      implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T is) {
      seen.accept(is, false);
    }

    @Override
    public void onUpdate(T was, T is) {
      seen.accept(is, false);
    }

    @Override
    public void onDelete(T was, boolean finalStateUnknown) {
      seen.accept(was, true);
    }
  }
}
