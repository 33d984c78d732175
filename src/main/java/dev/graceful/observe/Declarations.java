package dev.graceful.observe;

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
 * What of a Deployment's pod template somebody declares: it is in the last-applied configuration,
 * or a manager owns the field. What the operator writes, itself or at admission, nobody owns.
 */
final class Declarations {

  /**
   * The name under which {@code kubectl rollout undo} writes (seen on 1.36.3; the second is that of
   * {@code rollout restart}). It takes a whole template from the history, and owns what differs,
   * but declares nothing.
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

  /** Anybody may write an annotation: what cannot be read declares nothing. */
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
   * Whether somebody declares the grace period.
   *
   * @param isDefault whether it is what the API server fills in; whoever updates a Deployment owns
   *     that too, and only an apply says that it was written
   */
  boolean gracePeriod(boolean isDefault) {
    return lastApplied.has(GRACE)
        || entries.stream()
            .filter(e -> isApply(e) || (!isDefault && !isUndo(e)))
            .anyMatch(e -> owns(e, "f:" + GRACE));
  }

  boolean preStop(String container) {
    return container(container).path("lifecycle").has("preStop")
        || ownedByAnOwner("f:containers", key(container), "f:lifecycle", "f:preStop");
  }

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
