package dev.graceful.evidence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** When the operator could not see: the latest times, in their order. */
final class BlindSpots {

  private static final int MOST_KEPT = 100;

  /** A deletion may be seen so long after the pod left: then the blindness lies before it. */
  private static final long BEFORE_MILLIS = 60_000;

  private final Deque<Entry.Blind> spots = new ArrayDeque<>();

  /** One more; one that touches the last is joined with it. */
  void add(Tick from, Tick to) {
    Entry.Blind last = spots.peekLast();
    if (last != null && !last.at().isBefore(from)) {
      spots.removeLast();
      spots.add(new Entry.Blind(last.from(), to));
      return;
    }
    spots.add(new Entry.Blind(from, to));
    if (spots.size() > MOST_KEPT) {
      spots.removeFirst();
    }
  }

  /** Those that may bear on a termination. */
  List<Entry.Blind> around(Tick deletedAt) {
    Tick since = deletedAt.plusMillis(-BEFORE_MILLIS);
    return spots.stream().filter(spot -> !spot.at().isBefore(since)).toList();
  }
}
