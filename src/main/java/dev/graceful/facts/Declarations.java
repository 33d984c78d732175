package dev.graceful.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a Deployment's pod template that its owners declare: a field is in the last-applied
 * configuration, or a field manager other than the operator owns it. No manager owns what the
 * operator writes, be it by a patch or at admission.
 */
final class Declarations {

  /**
   * The field managers of {@code kubectl rollout undo} and {@code kubectl rollout restart}, in this
   * order (seen on 1.36.3). An undo takes a whole template from the history and owns what differs,
   * but that declares nothing.
   */
  static final Set<String> UNDOING = Set.of("kubectl", "kubectl-rollout");

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String GRACE = "terminationGracePeriodSeconds";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode lastApplied;
  private final List<ManagedFieldsEntry> entries;

  private Declarations(JsonNode lastApplied, List<ManagedFieldsEntry> entries) {
    this.lastApplied = lastApplied;
    this.entries = entries;
  }

  static Declarations in(ObjectMeta metadata) {
    Map<String, String> annotations = metadata.getAnnotations();
    String text = annotations == null ? null : annotations.get(LAST_APPLIED);
    return new Declarations(
        lastApplied(text),
        metadata.getManagedFields().stream()
            .filter(e -> !DeploymentFacts.FIELD_MANAGER.equals(e.getManager()))
            .toList());
  }

  /** An annotation can hold any text; one that is no JSON declares nothing. */
  private static JsonNode lastApplied(@Nullable String text) {
    if (text == null) {
      return JSON.missingNode();
    }
    try {
      return JSON.readTree(text).path("spec").path("template").path("spec");
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  /**
   * Whether an owner declares the grace period.
   *
   * @param isDefault whether it is the API server's default. An update owns a default too, so only
   *     an apply shows that the owner wrote it.
   */
  boolean gracePeriod(boolean isDefault) {
    return lastApplied.has(GRACE)
        || entries.stream()
            .filter(e -> isApply(e) || (!isDefault && !isUndo(e)))
            .anyMatch(e -> owns(e, "f:" + GRACE));
  }

  /** Whether an owner declares a container's preStop hook. */
  boolean preStop(String container) {
    return container(container).path("lifecycle").has("preStop")
        || ownedByAnOwner("f:containers", key(container), "f:lifecycle", "f:preStop");
  }

  /** Whether an owner declares a container's readiness probe. */
  boolean readinessProbe(String container) {
    return container(container).has("readinessProbe")
        || ownedByAnOwner("f:containers", key(container), "f:readinessProbe");
  }

  private JsonNode container(String name) {
    for (JsonNode container : lastApplied.path("containers")) {
      if (name.equals(container.path("name").asText())) {
        return container;
      }
    }
    return JSON.missingNode();
  }

  private boolean ownedByAnOwner(String... path) {
    return entries.stream().filter(e -> !isUndo(e)).anyMatch(e -> owns(e, path));
  }

  private static String key(String container) {
    return "k:{\"name\":\"" + container + "\"}";
  }

  private static boolean isApply(ManagedFieldsEntry entry) {
    return "Apply".equals(entry.getOperation());
  }

  static boolean isUndo(ManagedFieldsEntry entry) {
    return !isApply(entry) && UNDOING.contains(entry.getManager());
  }

  private static boolean owns(ManagedFieldsEntry entry, String... path) {
    var fields = entry.getFieldsV1();
    @Nullable Object at = fields == null ? null : fields.getAdditionalProperties();
    for (String step : List.of("f:spec", "f:template", "f:spec")) {
      at = at instanceof Map<?, ?> map ? map.get(step) : null;
    }
    for (String step : path) {
      at = at instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return at != null;
  }
}
