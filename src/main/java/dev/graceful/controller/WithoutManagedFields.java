package dev.graceful.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.List;

/**
 * Keeps the operator's own objects without the list of who manages which field: it is not read, and
 * it is larger than all the rest.
 */
public final class WithoutManagedFields<T extends HasMetadata> extends TransformingItemStore<T> {

  /** Keeps nothing yet. */
  public WithoutManagedFields() {
    super(
        object -> {
          object.getMetadata().setManagedFields(List.of());
          return object;
        });
  }
}
