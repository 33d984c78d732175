package dev.graceful.controller;

import dev.graceful.evidence.Tick;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.quarkus.runtime.Quarkus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open watches, one a kind. Each callback is given the moment of its receipt; of the objects
 * the informers keep the names only.
 */
final class Watches implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  /** So many objects are listed at a time: ten thousand pods at once would fill the heap. */
  private static final long PAGE = 500;

  private final List<SharedIndexInformer<?>> evidence = new CopyOnWriteArrayList<>();
  private final List<SharedIndexInformer<?>> others = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  /** Takes an object that exists or has changed. */
  interface Seen<T> {
    void seen(Tick at, T object);
  }

  /** Takes an object that is gone, and whether the watch was down when it went. */
  interface Gone<T> {
    void gone(Tick at, T last, boolean missed);
  }

  /**
   * Lists a kind and watches it from then on. Returns when the list is over.
   *
   * @param empty makes an object without contents
   */
  <T extends HasMetadata> void open(
      Informable<T> kind, Supplier<T> empty, Seen<T> seen, Gone<T> gone) {
    open(evidence, kind, empty, seen, gone);
  }

  /** The same for a kind whose gaps do not affect a verdict. */
  <T extends HasMetadata> void openBeside(
      Informable<T> kind, Supplier<T> empty, Seen<T> seen, Gone<T> gone) {
    open(others, kind, empty, seen, gone);
  }

  /** Whether all watches that verdicts rest on are open at this moment. */
  boolean areOpen() {
    return !evidence.isEmpty() && evidence.stream().allMatch(SharedIndexInformer::isWatching);
  }

  /** From here on, that a watch ends is no failure. */
  @Override
  public void close() {
    stopping = true;
    evidence.forEach(SharedIndexInformer::stop);
    others.forEach(SharedIndexInformer::stop);
  }

  private <T extends HasMetadata> void open(
      List<SharedIndexInformer<?>> among,
      Informable<T> kind,
      Supplier<T> empty,
      Seen<T> seen,
      Gone<T> gone) {
    SharedIndexInformer<T> informer = kind.withLimit(PAGE).runnableInformer(0);
    informer.itemStore(new NamesOnly<>(empty));
    // Nothing asks for the objects of a namespace.
    informer.removeNamespaceIndex();
    informer.exceptionHandler((started, failure) -> started);
    informer.addEventHandler(new Callbacks<>(seen, gone));
    among.add(informer);
    var started = informer.start().toCompletableFuture();
    informer
        .stopped()
        .whenComplete(
            (nothing, failure) -> {
              if (!stopping) {
                LOG.error("A watch has stopped for good: ending, to be started again", failure);
                Quarkus.asyncExit(1);
              }
            });
    started.join();
  }

  /** Takes the moment first, before anything of the object is read. */
  private record Callbacks<T extends HasMetadata>(Seen<T> seen, Gone<T> gone)
      implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T object) {
      seen.seen(MonotonicClock.now(), object);
    }

    @Override
    public void onUpdate(T before, T object) {
      Tick at = MonotonicClock.now();
      if (!before.getMetadata().getUid().equals(object.getMetadata().getUid())) {
        // Deleted and made anew while the watch was down.
        gone.gone(at, before, true);
      }
      seen.seen(at, object);
    }

    @Override
    public void onDelete(T object, boolean missed) {
      gone.gone(MonotonicClock.now(), object, missed);
    }
  }
}
