package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the ledgers in DeploymentProtections. */
public final class Protections implements Ledgers {

  /** By it the MutatingAdmissionPolicy finds those that it is to read. */
  private static final String AT_ADMISSION_LABEL = "graceful.dev/at-admission";

  /** Given, as the client would ask the API server for it before each write. */
  private static final ResourceDefinitionContext KIND =
      ResourceDefinitionContext.fromResourceType(DeploymentProtection.class);

  private static final String STATUS = "status";

  private final KubernetesClient client;

  /** Writes with this client, each time once. */
  public Protections(KubernetesClient client) {
    this.client = SingleAttempt.of(client);
  }

  @Override
  public void govern(DeploymentFacts deployment, GracefulPolicy policy) {
    var owner =
        new OwnerReferenceBuilder()
            .withApiVersion("apps/v1")
            .withKind("Deployment")
            .withName(deployment.ref().name())
            .withUid(deployment.uid())
            .build();
    String name = policy.getMetadata().getName();
    var metadata =
        new ObjectMetaBuilder()
            .withOwnerReferences(owner)
            .withLabels(RecordLabels.of(deployment.ref().name(), name))
            .build();
    Map<String, Object> spec =
        Map.of("policy", Map.of("name", name, "uid", policy.getMetadata().getUid()));
    apply(deployment.ref(), metadata, "spec", spec, "-selection");
  }

  @Override
  public @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided) {
    Map<String, Object> spec = new LinkedHashMap<>();
    put(spec, "apply", decided.apply());
    put(spec, "atAdmission", decided.atAdmission());
    put(spec, "decision", decided.decision());
    put(spec, "earlier", decided.earlier());
    put(spec, "before", decided.before());
    var metadata = new ObjectMeta();
    if (Boolean.TRUE.equals(decided.atAdmission())) {
      metadata.setLabels(Map.of(AT_ADMISSION_LABEL, "true"));
    }
    return apply(ref, metadata, "spec", spec, "");
  }

  @Override
  public @Nullable ObjectMeta note(WorkloadRef ref, Journal journal) {
    Contest contest = journal.contest();
    Map<String, Object> status = new LinkedHashMap<>();
    put(status, "rolloutGeneration", journal.rolloutGeneration());
    put(status, "reverts", contest.reverts().isEmpty() ? null : contest.reverts());
    put(status, "contestedGeneration", contest.generation());
    return apply(ref, new ObjectMeta(), STATUS, status, "-journal");
  }

  private static void put(Map<String, Object> part, String field, @Nullable Object value) {
    if (value != null) {
      part.put(field, value);
    }
  }

  @Override
  public void delete(DeploymentProtection protection) {
    client.resource(protection).delete();
  }

  /** Each caller writes fields of its own, under a name of its own, and drops no other's. */
  private @Nullable ObjectMeta apply(
      WorkloadRef ref,
      ObjectMeta metadata,
      String part,
      Map<String, Object> fields,
      String managerSuffix) {
    metadata.setNamespace(ref.namespace());
    metadata.setName(ref.name());
    var intent = new GenericKubernetesResource();
    intent.setApiVersion(KIND.getGroup() + "/" + KIND.getVersion());
    intent.setKind(KIND.getKind());
    intent.setMetadata(metadata);
    intent.setAdditionalProperty(part, fields);
    var how =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(DeploymentFacts.FIELD_MANAGER + managerSuffix)
            .withForce(true)
            .build();
    var resource = client.genericKubernetesResources(KIND).resource(intent);
    try {
      return (part.equals(STATUS) ? resource.subresource(STATUS) : resource)
          .patch(how)
          .getMetadata();
    } catch (KubernetesClientException e) {
      // A namespace on its way out takes no new objects; there is nothing left to protect in it.
      if (!String.valueOf(e.getMessage()).contains("being terminated")) {
        throw e;
      }
      return null;
    }
  }
}
