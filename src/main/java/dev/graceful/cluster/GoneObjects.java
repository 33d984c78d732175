package dev.graceful.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * A write that crossed the deletion of its object. Nothing is wrong then, and nothing needs a
 * retry: the watches report the deletion.
 */
public final class GoneObjects {

  private GoneObjects() {}

  /** Whether the API refused because the object is gone, or its namespace is about to be. */
  public static boolean isReasonOf(KubernetesClientException refusal, HasMetadata object) {
    return isNamespaceTerminating(refusal)
        || (refusal.getCode() == 404
            && details(refusal)
                .filter(d -> object.getPlural().equals(d.getKind()))
                .filter(d -> object.getMetadata().getName().equals(d.getName()))
                .isPresent());
  }

  /** Whether the API refused because the namespace is on its way out. */
  static boolean isNamespaceTerminating(KubernetesClientException refusal) {
    return details(refusal).stream()
        .flatMap(details -> details.getCauses().stream())
        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private static Optional<StatusDetails> details(KubernetesClientException refusal) {
    return Optional.ofNullable(refusal.getStatus()).map(Status::getDetails);
  }
}
