package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
    Map<String, Object> spec =
        Map.of(
            "policy",
            Map.of("name", policy.getMetadata().getName(), "uid", policy.getMetadata().getUid()));
    // Two parts of the operator write different fields of the spec, each under a name of its own.
    apply(
        deployment.ref(),
        new ObjectMetaBuilder().withOwnerReferences(owner).build(),
        spec,
        "-selection");
  }

  @Override
  public @Nullable ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec decided) {
    Map<String, Object> spec = new LinkedHashMap<>();
    put(spec, "apply", decided.apply());
    put(spec, "atAdmission", decided.atAdmission());
    put(spec, "decision", decided.decision());
    put(spec, "earlier", decided.earlier());
    put(spec, "before", decided.before());
    put(spec, "rolloutGeneration", decided.rolloutGeneration());
    put(spec, "reverts", decided.reverts());
    put(spec, "contestedGeneration", decided.contestedGeneration());
    var metadata = new ObjectMeta();
    if (Boolean.TRUE.equals(decided.atAdmission())) {
      metadata.setLabels(Map.of(AT_ADMISSION_LABEL, "true"));
    }
    return apply(ref, metadata, spec, "");
  }

  private static void put(Map<String, Object> spec, String field, @Nullable Object value) {
    if (value != null) {
      spec.put(field, value);
    }
  }

  @Override
  public void delete(DeploymentProtection protection) {
    client.resource(protection).delete();
  }

  private @Nullable ObjectMeta apply(
      WorkloadRef ref, ObjectMeta metadata, Map<String, Object> spec, String managerSuffix) {
    metadata.setNamespace(ref.namespace());
    metadata.setName(ref.name());
    var intent = new GenericKubernetesResource();
    intent.setApiVersion(KIND.getGroup() + "/" + KIND.getVersion());
    intent.setKind(KIND.getKind());
    intent.setMetadata(metadata);
    intent.setAdditionalProperty("spec", spec);
    try {
      return client
          .genericKubernetesResources(KIND)
          .resource(intent)
          .fieldManager(DeploymentFacts.FIELD_MANAGER + managerSuffix)
          .forceConflicts()
          .serverSideApply()
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
