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

  /** Since when it is ready in no slice, though one has it; null: it is, or none has it. */
  private @Nullable Tick absentSince;

  /** Since when its Ready condition is false; null: it is true. */
  private @Nullable Tick unreadySince;

  @Nullable String proxy;
  boolean hostNetwork;

  /** Whether it still names a ReplicaSet as its owner. */
  boolean owned = true;

  EndpointState endpoint = EndpointState.NONE;

  /** What its slices said lately, as long as that may be its leaving. */
  List<Entry> earlier = List.of();

  /** Null: it runs. */
  @Nullable Termination termination;

  Pod(PodRef ref, Revision revision) {
    this.ref = ref;
    this.revision = revision;
  }

  /** Takes over what a watch shows, but for the address. */
  void take(PodFacts facts, Tick now) {
    ready = facts.ready();
    // What a shutdown does to readiness says nothing of before. A pod that turns ready only while
    // terminating never gets traffic.
    if (facts.deletionGraceSeconds() == null) {
      everReady |= ready;
      unreadySince = since(unreadySince, !ready, now);
    }
    proxy = facts.proxy();
    hostNetwork = facts.hostNetwork();
    owned = facts.replicaSetUid() != null;
    revision.tellContainers(facts.containers());
  }

  /** Its slices have changed. */
  void tell(Entry.Endpoint entry) {
    if (!entry.terminating() && termination == null) {
      absentSince = since(absentSince, entry.listed() && !entry.ready(), entry.at());
    }
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

  /** The operator could not see until now: what it knows, it knows from now on. */
  void sightLost(Tick until) {
    absentSince = since(null, absentSince != null, until);
    unreadySince = since(null, unreadySince != null, until);
  }

  /** How it stands as its deletion is seen; null: it is ready in a slice, or in none at all. */
  @Nullable Unready unready(Tick deletedAt) {
    Tick absent = absentSince;
    if (absent == null) {
      return null;
    }
    return new Unready(
        deletedAt.millisSince(absent),
        unreadySince == null ? 0 : deletedAt.millisSince(unreadySince));
  }

  /** Whether clients may still come, as far as its readiness goes. */
  boolean mayHaveClients(int propagationSeconds, Tick deletedAt) {
    Unready unready = unready(deletedAt);
    return everReady && (unready == null || !unready.isOutlasting(propagationSeconds));
  }

  private static @Nullable Tick since(@Nullable Tick before, boolean is, Tick now) {
    return is ? before == null ? now : before : null;
  }
}
