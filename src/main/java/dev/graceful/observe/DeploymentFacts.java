package dev.graceful.observe;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a Deployment.
 *
 * @param resourceVersion the state that a decision is made on, and that a write is bound to
 * @param recreate whether its strategy is Recreate
 * @param settled whether no rollout is under way: all replicas are of the newest template and
 *     available
 * @param graceDeclared whether the owner wrote terminationGracePeriodSeconds: it is not 30, or is
 *     in the last-applied configuration, or a server-side apply owns it
 * @param heldByUs whether managedFields still name the operator
 */
public record DeploymentFacts(
    WorkloadRef ref,
    String uid,
    String resourceVersion,
    boolean deleting,
    boolean paused,
    boolean recreate,
    boolean settled,
    Map<String, String> labels,
    long graceSeconds,
    boolean graceDeclared,
    boolean heldByUs,
    List<ContainerFacts> containers) {

  /** The name under which the operator writes. */
  public static final String FIELD_MANAGER = "graceful-operator";

  private static final long DEFAULT_GRACE_SECONDS = 30;
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String GRACE_FIELD = "terminationGracePeriodSeconds";

  /** Reads a Deployment of the API. */
  public static DeploymentFacts from(Deployment deployment) {
    var metadata = deployment.getMetadata();
    var spec = deployment.getSpec();
    var pod = spec.getTemplate().getSpec();
    long grace =
        pod.getTerminationGracePeriodSeconds() == null
            ? DEFAULT_GRACE_SECONDS
            : pod.getTerminationGracePeriodSeconds();
    return new DeploymentFacts(
        new WorkloadRef(metadata.getNamespace(), metadata.getName()),
        metadata.getUid(),
        metadata.getResourceVersion(),
        metadata.getDeletionTimestamp() != null,
        Boolean.TRUE.equals(spec.getPaused()),
        spec.getStrategy() != null && "Recreate".equals(spec.getStrategy().getType()),
        settled(deployment),
        metadata.getLabels() == null ? Map.of() : Map.copyOf(metadata.getLabels()),
        grace,
        graceDeclared(deployment, grace),
        metadata.getManagedFields().stream().anyMatch(e -> FIELD_MANAGER.equals(e.getManager())),
        pod.getContainers().stream().map(ContainerFacts::from).toList());
  }

  /** Whether the other says the same, but for the state of the object that it was read from. */
  public boolean sameAs(DeploymentFacts other) {
    return withResourceVersion("").equals(other.withResourceVersion(""));
  }

  private DeploymentFacts withResourceVersion(String version) {
    return new DeploymentFacts(
        ref,
        uid,
        version,
        deleting,
        paused,
        recreate,
        settled,
        labels,
        graceSeconds,
        graceDeclared,
        heldByUs,
        containers);
  }

  private static boolean settled(Deployment deployment) {
    var status = deployment.getStatus();
    if (status == null
        || !equal(status.getObservedGeneration(), deployment.getMetadata().getGeneration())) {
      return false;
    }
    Integer wanted = deployment.getSpec().getReplicas();
    int replicas = wanted == null ? 1 : wanted;
    return count(status.getUpdatedReplicas()) == replicas
        && count(status.getReplicas()) == replicas
        && count(status.getAvailableReplicas()) == replicas;
  }

  private static boolean graceDeclared(Deployment deployment, long grace) {
    if (grace != DEFAULT_GRACE_SECONDS) {
      return true;
    }
    Map<String, String> annotations = deployment.getMetadata().getAnnotations();
    String lastApplied = annotations == null ? null : annotations.get(LAST_APPLIED);
    if (lastApplied != null && lastApplied.contains("\"" + GRACE_FIELD + "\"")) {
      return true;
    }
    // Whoever created the object by an update owns the defaulted 30 too; only an apply says that
    // somebody wrote it.
    return deployment.getMetadata().getManagedFields().stream()
        .filter(entry -> "Apply".equals(entry.getOperation()))
        .anyMatch(DeploymentFacts::ownsGrace);
  }

  private static boolean ownsGrace(ManagedFieldsEntry entry) {
    var fields = entry.getFieldsV1();
    @Nullable Object at = fields == null ? null : fields.getAdditionalProperties();
    for (String step : List.of("f:spec", "f:template", "f:spec", "f:" + GRACE_FIELD)) {
      if (!(at instanceof Map<?, ?> map)) {
        return false;
      }
      at = map.get(step);
    }
    return at != null;
  }

  private static boolean equal(@Nullable Long a, @Nullable Long b) {
    return a != null && a.equals(b);
  }

  private static int count(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
