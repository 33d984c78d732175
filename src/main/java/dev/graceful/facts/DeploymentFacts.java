package dev.graceful.facts;

import dev.graceful.api.v1alpha1.PrintableText;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a Deployment.
 *
 * @param resourceVersion the state that a decision is made on, and that a write is bound to
 * @param replacement how new pods take the place of old ones
 * @param controller the object that owns the Deployment and writes its spec, such as "Revision
 *     web-1"; null: none
 * @param scaledToZero whether it wants no pod
 * @param settled whether no rollout is under way: all replicas are of the newest template and
 *     available
 * @param stuck what the Deployment controller says of a rollout that has not come to its end in
 *     time, or whose pods it cannot make; null: none such
 * @param template names the content of the pod template
 * @param undone whether the latest write is one of {@code kubectl rollout undo}, as far as its
 *     writer's name tells
 * @param graceDeclared whether anyone but the operator says what terminationGracePeriodSeconds is
 *     to be
 * @param heldByUs whether managedFields still name the operator
 */
public record DeploymentFacts(
    WorkloadRef ref,
    String uid,
    String resourceVersion,
    long generation,
    boolean deleting,
    boolean paused,
    Replacement replacement,
    @Nullable String controller,
    boolean scaledToZero,
    boolean settled,
    @Nullable String stuck,
    Map<String, String> labels,
    String template,
    boolean undone,
    long graceSeconds,
    boolean graceDeclared,
    boolean heldByUs,
    List<TemplateContainer> containers) {

  /** The name under which the operator writes. */
  public static final String FIELD_MANAGER = "graceful-operator";

  /** What the API server fills in where no grace period is given. */
  public static final long DEFAULT_GRACE_SECONDS = 30;

  /** Reads a Deployment of the API. */
  public static DeploymentFacts from(Deployment deployment) {
    var metadata = deployment.getMetadata();
    var spec = deployment.getSpec();
    var pod = spec.getTemplate().getSpec();
    long grace =
        pod.getTerminationGracePeriodSeconds() == null
            ? DEFAULT_GRACE_SECONDS
            : pod.getTerminationGracePeriodSeconds();
    var declarations = Declarations.in(metadata);
    return new DeploymentFacts(
        new WorkloadRef(metadata.getNamespace(), metadata.getName()),
        metadata.getUid(),
        metadata.getResourceVersion(),
        metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
        metadata.getDeletionTimestamp() != null,
        Boolean.TRUE.equals(spec.getPaused()),
        Replacement.from(spec),
        controller(metadata),
        Integer.valueOf(0).equals(spec.getReplicas()),
        settled(deployment),
        stuck(deployment),
        metadata.getLabels() == null ? Map.of() : Map.copyOf(metadata.getLabels()),
        TemplateDigest.of(spec.getTemplate()),
        undone(metadata.getManagedFields()),
        grace,
        declarations.gracePeriod(grace == DEFAULT_GRACE_SECONDS),
        metadata.getManagedFields().stream().anyMatch(e -> FIELD_MANAGER.equals(e.getManager())),
        pod.getContainers().stream().map(c -> TemplateContainer.from(c, declarations)).toList());
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
        generation,
        deleting,
        paused,
        replacement,
        controller,
        scaledToZero,
        settled,
        stuck,
        labels,
        template,
        undone,
        graceSeconds,
        graceDeclared,
        heldByUs,
        containers);
  }

  private static @Nullable String controller(ObjectMeta metadata) {
    return metadata.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .map(owner -> PrintableText.of(owner.getKind() + " " + owner.getName(), PrintableText.NAME))
        .findFirst()
        .orElse(null);
  }

  /**
   * Where no pod can be made at all (a quota, an admission policy), the Deployment controller may
   * never say that it takes too long: it forgets about the deadline if its first status of a
   * rollout meets a conflict, as a write right after the template's makes one.
   */
  private static @Nullable String stuck(Deployment deployment) {
    var status = deployment.getStatus();
    if (status == null) {
      return null;
    }
    String words =
        status.getConditions().stream()
            .filter(c -> isTooLate(c) || makesNoPods(c))
            .sorted(Comparator.comparing(DeploymentCondition::getType))
            .map(DeploymentCondition::getMessage)
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? null : words;
  }

  private static boolean isTooLate(DeploymentCondition condition) {
    return "Progressing".equals(condition.getType())
        && "ProgressDeadlineExceeded".equals(condition.getReason());
  }

  private static boolean makesNoPods(DeploymentCondition condition) {
    return "ReplicaFailure".equals(condition.getType()) && "True".equals(condition.getStatus());
  }

  private static boolean undone(List<ManagedFieldsEntry> entries) {
    // In RFC 3339 and UTC, so that the order of the texts is that of the times.
    String latest =
        entries.stream()
            .filter(e -> e.getSubresource() == null || e.getSubresource().isEmpty())
            .map(e -> String.valueOf(e.getTime()))
            .max(Comparator.naturalOrder())
            .orElse("");
    return entries.stream()
        .anyMatch(e -> Declarations.isUndo(e) && latest.equals(String.valueOf(e.getTime())));
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

  private static boolean equal(@Nullable Long a, @Nullable Long b) {
    return a != null && a.equals(b);
  }

  private static int count(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
