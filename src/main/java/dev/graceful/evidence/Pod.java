package dev.graceful.evidence;

import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is remembered of a pod: a few words while it runs, a {@link Termination} from then on. */
final class Pod {

  /** Of a pod that runs, only what bears on its leaving is kept, and not more entries than this. */
  private static final int MOST_EARLIER = 20;

  final PodRef ref;
  final Revision revision;
  @Nullable String address;
  boolean ready;
  boolean everReady;
  @Nullable String proxy;
  boolean hostNetwork;
  EndpointState endpoint = EndpointState.NONE;

  /** What its slices said lately, as long as that may be its leaving. */
  List<Entry> earlier = List.of();

  /** Null: it runs. */
  @Nullable Termination termination;

  Pod(PodRef ref, Revision revision) {
    this.ref = ref;
    this.revision = revision;
  }

  /** Takes over what a watch has told, but for the address. */
  void take(PodFacts facts) {
    ready = facts.ready();
    // A pod that turns ready only while terminating never gets traffic.
    everReady |= facts.ready() && facts.deletionGraceSeconds() == null;
    proxy = facts.proxy();
    hostNetwork = facts.hostNetwork();
  }

  /** Its slices have told something. */
  void tell(Entry.Endpoint entry) {
    endpoint = endpoint.after(entry, termination != null);
    if (termination != null) {
      termination.tell(entry);
    } else if (endpoint.equals(EndpointState.NONE)) {
      endpoint = EndpointState.NONE;
      earlier = List.of();
    } else {
      List<Entry> kept = new ArrayList<>(earlier);
      kept.add(entry);
      earlier = kept.size() > MOST_EARLIER ? kept.subList(1, kept.size()) : kept;
    }
  }
}
