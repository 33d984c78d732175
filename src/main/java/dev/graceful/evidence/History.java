package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen of one termination, in the order in which it came.
 *
 * @param setting what was known when the deletion was seen; null: the pod vanished unseen
 * @param entries what its EndpointSlices said shortly before the deletion, and all since
 */
public record History(PodRef pod, @Nullable Setting setting, List<Entry> entries) {

  /** Of a pod that vanished while the watch was down, without its deletion having been seen. */
  static History unseen(PodRef pod, Tick at) {
    return new History(pod, null, List.of(new Entry.Gone(at, true)));
  }

  /** The entries of a kind, in their order. */
  public <E extends Entry> Stream<E> all(Class<E> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** The first entry of a kind. */
  public <E extends Entry> Optional<E> first(Class<E> kind) {
    return all(kind).findFirst();
  }

  /** When the last entry came that a verdict rests on; at least the first entry's moment. */
  public Tick lastEvidence() {
    Tick last = first(Entry.Deleted.class).map(Entry::at).orElse(entries.getFirst().at());
    Tick left = EndpointState.of(entries).leftAt();
    for (Entry entry : entries) {
      boolean counts =
          switch (entry) {
            case Entry.HookFailed _, Entry.Exited _, Entry.Gone _ -> true;
            case Entry.Endpoint e -> e.at().equals(left);
            default -> false;
          };
      if (counts && last.isBefore(entry.at())) {
        last = entry.at();
      }
    }
    return last;
  }
}
