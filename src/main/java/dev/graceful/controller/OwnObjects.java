package dev.graceful.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The only copy of the operator's own objects of a kind. The informer of the kind's controller
 * fills it, and others read it and hear of changes, so there is one watch. The objects are kept
 * without the list of who manages which field: it is not read, and it is larger than all the rest.
 */
public final class OwnObjects<T extends HasMetadata> extends TransformingItemStore<T> {

  private volatile Consumer<T> seen = object -> {};
  private volatile Consumer<T> gone = object -> {};

  /** Keeps nothing yet. */
  public OwnObjects() {
    super(
        object -> {
          object.getMetadata().setManagedFields(List.of());
          return object;
        });
  }

  /** Those of a controller, whose informer has not started yet. */
  static <T extends HasMetadata> OwnObjects<T> of(EventSourceContext<T> context) {
    return (OwnObjects<T>) context.getControllerConfiguration().getInformerConfig().getItemStore();
  }

  /**
   * Tells of each change, the controller's own writes among them, which its filters hide. The
   * listeners are called on the thread of the watch, and read what has changed here already.
   *
   * @param seen takes an object that is new or has changed
   * @param gone takes an object that exists no more
   */
  void onChange(Consumer<T> seen, Consumer<T> gone) {
    this.seen = seen;
    this.gone = gone;
  }

  @Override
  public @Nullable T put(String key, T object) {
    T before = super.put(key, object);
    // A new list repeats what is known.
    if (before == null || !version(before).equals(version(object))) {
      seen.accept(object);
    }
    return before;
  }

  @Override
  public @Nullable T remove(String key) {
    T last = super.remove(key);
    if (last != null) {
      gone.accept(last);
    }
    return last;
  }

  private static String version(HasMetadata object) {
    return Objects.toString(object.getMetadata().getResourceVersion());
  }
}
