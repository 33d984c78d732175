package dev.graceful.probe;

import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.Course;
import dev.graceful.evidence.Entry;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.Tick;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A termination whose clients are played: how far it has come, and where what they find goes. Each
 * field, and what is known of each port, has one writer, and many threads read it.
 */
final class Followed {

  private final ProbeTarget target;
  private final Consumer<Event> evidence;

  /** Null: it is over. */
  private volatile @Nullable Course course;

  private final Map<Integer, Attempts> attemptsAtPort = new ConcurrentHashMap<>();

  /** What the lagging client of a port has found so far. */
  private record Attempts(@Nullable Tick servedAt, int refusedInARow, boolean connectOnly) {

    private static final Attempts NONE = new Attempts(null, 0, false);
  }

  Followed(ProbeTarget target, Course course, Consumer<Event> evidence) {
    this.target = target;
    this.course = course;
    this.evidence = evidence;
  }

  ProbeTarget target() {
    return target;
  }

  /** How far it has come, by the latest event; null: it is over. */
  @Nullable Course course() {
    return course;
  }

  void advance(Course further) {
    course = further;
  }

  void end() {
    course = null;
  }

  /** How far it has come by the port that is asked; null: it is over, and the pod is left alone. */
  @Nullable Progress progress(long nowNanos) {
    return progress(target.asking().port(), nowNanos);
  }

  /** The same by another port. */
  @Nullable Progress progress(int port, long nowNanos) {
    Course reached = course;
    if (reached == null) {
      return null;
    }
    var now = new Tick(nowNanos);
    Attempts made = attemptsAt(port);
    return new Progress(
        now.millisSince(reached.deletedAt()),
        reached.setting().graceSeconds() * 1_000,
        reached.leftMillis(now),
        reached.setting().propagationSeconds(),
        made.servedAt == null ? null : made.servedAt.millisSince(reached.deletedAt()),
        made.refusedInARow,
        made.connectOnly,
        reached.sigterm(),
        Objects.requireNonNullElse(reached.setting().hookMillis(), 0L));
  }

  /**
   * The lagging client of a port has tried a fresh connection.
   *
   * @param startNanos when it began: the pod served at least until then, if it did, or answered
   *     nothing from then on
   * @param endNanos when the outcome was known: the pod did not serve at the latest then, if not
   */
  void connected(int port, ConnectOutcome outcome, long startNanos, long endNanos) {
    Attempts made = attemptsAt(port);
    boolean served = outcome.isServed();
    boolean refused = outcome == ConnectOutcome.Refused || outcome == ConnectOutcome.Reset;
    boolean unready = outcome.isServerError() && target.asking().readinessPath();
    var at = new Tick(served || outcome == ConnectOutcome.Unanswered ? startNanos : endNanos);
    attemptsAtPort.put(
        port,
        new Attempts(
            served ? at : made.servedAt,
            refused ? made.refusedInARow + 1 : 0,
            made.connectOnly || unready));
    tell(new Entry.Connected(at, port, outcome), endNanos);
  }

  private Attempts attemptsAt(int port) {
    return attemptsAtPort.getOrDefault(port, Attempts.NONE);
  }

  /**
   * What became of a request in flight.
   *
   * @param outNanos until when it was surely out
   */
  void requested(long sentNanos, long outNanos, long endedNanos, RequestFate fate) {
    tell(
        new Entry.Requested(new Tick(sentNanos), new Tick(outNanos), new Tick(endedNanos), fate),
        endedNanos);
  }

  /**
   * What became of an idle connection.
   *
   * @param closedNanos null: the server did not close it
   */
  void idled(long answeredNanos, @Nullable Long closedNanos, boolean announced) {
    tell(
        new Entry.Idled(
            new Tick(answeredNanos), closedNanos == null ? null : new Tick(closedNanos), announced),
        closedNanos == null ? answeredNanos : closedNanos);
  }

  private void tell(Entry.Attempt attempt, long nanos) {
    evidence.accept(new Event.Attempted(new Tick(nanos), target.pod().uid(), attempt));
  }
}
