package dev.graceful.judge;

import dev.graceful.evidence.Unready;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a timeline shows, derived once. Findings and hints ask it, and no more of each other.
 *
 * @param serving what fresh connections showed
 * @param requests what requests on kept connections showed
 * @param leaving how the pod left its endpoints; empty: it was not seen to leave
 * @param end how it ended; empty: its status never said
 * @param forced whether the pod was deleted without a grace period, or with less than its template
 *     gives it: how it ended then says nothing of the app
 */
public record Evidence(
    Timeline timeline,
    Serving serving,
    Requests requests,
    Optional<Leaving> leaving,
    Optional<End> end,
    boolean forced) {

  static Evidence of(Timeline timeline) {
    Serving serving = Serving.of(timeline);
    Optional<Leaving> leaving = Leaving.of(timeline);
    boolean served = servedMargin(leaving, serving).isPresent();
    return new Evidence(
        timeline,
        serving,
        Requests.of(timeline),
        leaving,
        End.of(timeline.ending(), served),
        timeline.graceSeconds() == 0 || timeline.graceCut() != null);
  }

  /** Whether clients may have been sent to the pod, as far as is known. */
  public boolean mayHaveClients() {
    return !wasUnready()
        && (timeline.unseen() != null || (timeline.everReady() && timeline.exposed()));
  }

  /** Whether it was not ready when it was deleted, for longer than clients may come. */
  public boolean wasUnready() {
    Unready unready = timeline.unready();
    int propagation = timeline.propagationSeconds();
    return unready != null
        && (unready.isOutlasting(propagation)
            || unready.absentMillis() >= propagation * 1_000L + Tolerances.NO_ENDPOINT_MILLIS);
  }

  /** Whether it was ready when it was deleted, or shortly before. */
  public boolean wasReady() {
    return timeline.everReady() && !wasUnready();
  }

  /** The end of a pod that was ready. Any other may end as it likes. */
  public Optional<End> endOfServer() {
    return end.filter(each -> wasReady());
  }

  /** How long after leaving it accepted connections; empty: not as long as clients could come. */
  public Optional<Long> servedMarginMillis() {
    return servedMargin(leaving, serving);
  }

  private static Optional<Long> servedMargin(Optional<Leaving> leaving, Serving serving) {
    return leaving.flatMap(each -> each.outlastedBy(serving.lastServedMillis()));
  }

  /** How long after leaving it answered requests; empty: not as long as clients could come. */
  public Optional<Long> answeredMarginMillis() {
    return leaving.flatMap(each -> each.outlastedBy(serving.lastAnsweredMillis()));
  }

  /** What is known of the requests that were in flight across SIGTERM. */
  public Crossing crossing() {
    return Crossing.of(timeline);
  }

  /** Whether the grace period was over before the preStop hook was, as far as its text tells. */
  public boolean isHookCut() {
    long graceMillis = timeline.graceSeconds() * 1_000;
    return timeline.template().hookMillis() >= graceMillis
        && timeline.hookFailed() == null
        && end.filter(e -> e.seenMillis() >= graceMillis - Tolerances.DEADLINE_MILLIS).isPresent();
  }

  /** Whether clients could still come at this moment, as far as is known. */
  public boolean isInTime(long millis) {
    return leaving.map(each -> each.isBeforeItsEnd(millis)).orElse(true);
  }

  /** Whether the operator may have missed what happened in this time. */
  public boolean isBlindBetween(long fromMillis, long toMillis) {
    return timeline.blindSpots().stream()
        .anyMatch(
            spot ->
                spot.fromMillis() <= toMillis
                    && fromMillis <= spot.toMillis() + Tolerances.AFTER_BLIND_MILLIS);
  }

  /** See {@link Verdict#marginMillis()}. */
  @Nullable Long marginMillis() {
    Long last =
        serving.refusedMillis() != null ? serving.refusedMillis() : serving.lastServedMillis();
    return last == null ? null : leaving.map(each -> last - each.atMillis()).orElse(null);
  }
}
