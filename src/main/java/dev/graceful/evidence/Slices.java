package dev.graceful.evidence;

import dev.graceful.facts.Backend;
import dev.graceful.facts.SliceFacts;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has each pod hear of what the EndpointSlices say of it, once they say something else. */
final class Slices {

  private final EndpointIndex endpoints;
  private final Function<String, @Nullable Pod> pods;
  private final Conclusions conclusions;
  private final Probing probing;
  private final Consumer<Revision> reconsider;

  /**
   * No slice is known yet.
   *
   * @param pods finds a pod by its uid; null: it is not known
   * @param reconsider takes the revisions whose pods clients may reach in another way now
   */
  Slices(
      EndpointIndex endpoints,
      Function<String, @Nullable Pod> pods,
      Conclusions conclusions,
      Probing probing,
      Consumer<Revision> reconsider) {
    this.endpoints = endpoints;
    this.pods = pods;
    this.conclusions = conclusions;
    this.probing = probing;
    this.reconsider = reconsider;
  }

  /** A slice is there, or has changed. */
  void seen(SliceFacts slice, Tick now) {
    changed(endpoints.put(slice.withUids(this::knownUid)), now);
  }

  /** A slice is gone. */
  void gone(String namespace, String name, Tick now) {
    changed(endpoints.remove(namespace, name), now);
  }

  /** A Service is for discovery, or is not: with that its slices count no longer, or count. */
  void serviceIs(Backend service, boolean discovery, Tick now) {
    endpoints.service(service, discovery).forEach(change -> changed(change, now));
  }

  private String knownUid(String uid) {
    Pod pod = pods.apply(uid);
    return pod == null ? uid : pod.ref.uid();
  }

  private void changed(EndpointIndex.Change change, Tick now) {
    for (String uid : change.podUids()) {
      Pod pod = pods.apply(uid);
      if (pod == null || !pod.ref.namespace().equals(change.namespace())) {
        continue;
      }
      boolean cameOrWent = change.cameOrWent().contains(uid);
      pod.tell(endpoints.entry(pod.ref, cameOrWent, pod.termination != null, now));
      conclusions.settle(pod, now);
      if (pod.termination == null) {
        if (change.waysChanged() || cameOrWent) {
          probing.measure(pod);
          reconsider.accept(pod.revision);
        } else {
          probing.measureBaseline(pod);
        }
      }
      probing.advance(pod);
    }
  }
}
