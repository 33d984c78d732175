package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator reads of a ReplicaSet: one revision of a Deployment.
 *
 * @param workload null: no Deployment controls it
 * @param revision the Deployment's number for it; it grows when an old revision is taken up again
 * @param replicas how many pods it is to have
 * @param template names the content of its pod template
 */
public record RevisionFacts(
    String namespace,
    String name,
    String uid,
    @Nullable WorkloadRef workload,
    long revision,
    int replicas,
    String template,
    List<ContainerFacts> containers) {

  /** Where the Deployment controller keeps the revision's number. */
  public static final String REVISION_ANNOTATION = "deployment.kubernetes.io/revision";

  /** A revision of which only its report is left. */
  public static RevisionFacts gone(WorkloadRef workload, String uid, long revision) {
    return new RevisionFacts(workload.namespace(), "", uid, workload, revision, 0, "", List.of());
  }

  /** Whether only its report is left: each ReplicaSet has containers. */
  public boolean isGone() {
    return containers.isEmpty();
  }

  /** Identifies it among all revisions. */
  public RevisionRef ref() {
    return new RevisionRef(namespace, uid);
  }

  /** Reads a ReplicaSet of the API. */
  public static RevisionFacts from(ReplicaSet replicaSet) {
    var metadata = replicaSet.getMetadata();
    @Nullable WorkloadRef workload = null;
    for (OwnerReference owner : metadata.getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController()) && "Deployment".equals(owner.getKind())) {
        workload = new WorkloadRef(metadata.getNamespace(), owner.getName());
      }
    }
    Map<String, String> annotations = metadata.getAnnotations();
    Integer replicas = replicaSet.getSpec().getReplicas();
    return new RevisionFacts(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        workload,
        revision(annotations),
        replicas == null ? 1 : replicas,
        TemplateDigest.of(replicaSet.getSpec().getTemplate()),
        replicaSet.getSpec().getTemplate().getSpec().getContainers().stream()
            .map(ContainerFacts::from)
            .toList());
  }

  private static long revision(@Nullable Map<String, String> annotations) {
    String text = annotations == null ? null : annotations.get(REVISION_ANNOTATION);
    // Anybody may write an annotation: what is no number counts as none.
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
