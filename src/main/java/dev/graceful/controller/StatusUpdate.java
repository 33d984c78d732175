package dev.graceful.controller;

import dev.graceful.cluster.GoneObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the reconcilers return. */
final class StatusUpdate {

  private StatusUpdate() {}

  /**
   * Patches the status of a resource; nothing if it is the same.
   *
   * @param old what of the resource's status the patch is to replace; null: there is none
   * @param patch an empty resource of this kind
   * @param again when to reconcile again, if nothing changes: the soonest; null: never
   */
  static <S, R extends CustomResource<?, S>> UpdateControl<R> of(
      R resource, @Nullable S old, S next, R patch, @Nullable Duration... again) {
    UpdateControl<R> control = UpdateControl.noUpdate();
    if (!next.equals(old)) {
      patch.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(resource.getMetadata().getNamespace())
              .withName(resource.getMetadata().getName())
              .build());
      patch.setStatus(next);
      control = UpdateControl.patchStatus(patch);
    }
    Stream.of(again)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .ifPresent(control::rescheduleAfter);
    return control;
  }

  /** Tries again, unless the resource is gone or its namespace is about to be. */
  static <R extends HasMetadata> ErrorStatusUpdateControl<R> afterFailure(R resource, Exception e) {
    return e instanceof KubernetesClientException refusal
            && GoneObjects.isReasonOf(refusal, resource)
        ? ErrorStatusUpdateControl.<R>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }
}
