package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.WatchedPod;
import dev.graceful.facts.PodRef;
import dev.graceful.judge.Judged;
import dev.graceful.judge.Severity;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Unseen;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a revision that are to be accounted for, also by an operator that is started again:
 * its report lists them, and counts those for which the list has no room.
 *
 * @param pods known and not concluded, by name
 * @param terminating those of them that are being ended
 * @param unaccounted how many pods, at most, have ended unseen without having been listed
 */
public record Watchlist(List<PodRef> pods, List<PodRef> terminating, int unaccounted) {

  /** With the name, the first part of a uid tells a pod from all others. */
  private static final int UID_KEPT = 13;

  /** Between two writes of a list alone. */
  private static final long PAUSE_MILLIS = 10_000;

  /** The verdicts on this many pods that no client was sent to are written as they come. */
  private static final int FEW = 500;

  /** How many of them are being ended. */
  int ending() {
    return terminating.size();
  }

  List<WatchedPod> listed() {
    return pods.stream().limit(TerminationReportStatus.MOST_LISTED).map(Watchlist::listed).toList();
  }

  private static WatchedPod listed(PodRef pod) {
    return new WatchedPod(
        pod.name(), pod.uid().substring(0, Math.min(UID_KEPT, pod.uid().length())));
  }

  @Nullable Integer unlisted() {
    int more = pods.size() - TerminationReportStatus.MOST_LISTED;
    return more > 0 ? Integer.valueOf(more) : null;
  }

  @Nullable Integer unlistedDigest() {
    return unlisted() == null
        ? null
        : digest(pods.stream().skip(TerminationReportStatus.MOST_LISTED));
  }

  private static Integer digest(Stream<PodRef> pods) {
    return pods.map(PodRef::uid).sorted().toList().hashCode();
  }

  @Nullable Integer unaccountedSince(TerminationReportStatus old) {
    int all = unaccounted + Objects.requireNonNullElse(old.unaccountedPods(), 0);
    return all > 0 ? Integer.valueOf(all) : null;
  }

  /** What may have ended unseen is not called good. */
  Assessment accounting(Assessment seen, TerminationReportStatus old) {
    Integer unaccounted = unaccountedSince(old);
    return unaccounted == null || seen.status() != Condition.Status.True
        ? seen
        : Assessment.unknown(
            "Inconclusive",
            "%s Up to %d pods that the report had no room for may have ended when the operator was away."
                .formatted(seen.message(), unaccounted));
  }

  /**
   * The pods that a report lists, and that neither run nor are about to be reported: they ended
   * while the operator was away. To be asked once, when it is back.
   */
  public List<Timeline> missed(
      String namespace, TerminationReportStatus old, List<Timeline> concluded) {
    Set<WatchedPod> known =
        withConcluded(concluded).map(Watchlist::listed).collect(Collectors.toSet());
    return Reports.orEmpty(old.watchedPods()).stream()
        .filter(pod -> !known.contains(pod))
        .map(
            pod ->
                Timeline.unseen(new PodRef(namespace, pod.name(), pod.uid()), Unseen.OperatorAway))
        .toList();
  }

  /**
   * The same, after the operator was away: unless the pods that the report did not list are still
   * the same, each of those may have ended. To be asked once, when it is back.
   */
  public Watchlist afterAbsence(TerminationReportStatus old, List<Timeline> concluded) {
    Set<WatchedPod> listed = Set.copyOf(Reports.orEmpty(old.watchedPods()));
    Integer digest = digest(withConcluded(concluded).filter(pod -> !listed.contains(listed(pod))));
    return old.unlistedPods() == null || digest.equals(old.unlistedDigest())
        ? this
        : new Watchlist(pods, terminating, old.unlistedPods());
  }

  /** Whether a report has pods that are not judged. */
  public static boolean isOpen(@Nullable TerminationReportStatus status) {
    return status != null && !Reports.orEmpty(status.watchedPods()).isEmpty();
  }

  private Stream<PodRef> withConcluded(List<Timeline> concluded) {
    return Stream.concat(pods.stream(), concluded.stream().map(Timeline::pod));
  }

  /**
   * How long the next status can wait, in milliseconds. A verdict cannot, nor can the end of a pod
   * that the next leader would not miss. All else is written seldom: neighbours share etcd.
   *
   * @param old the status that was written last
   * @param concluded what the next one counts
   * @param sinceMillis how long ago that was
   */
  public long waitMillis(TerminationReportStatus old, List<Judged> concluded, long sinceMillis) {
    return isVerdict(concluded) || isUnknownEnding(old)
        ? 0
        : Math.max(0, PAUSE_MILLIS - sinceMillis);
  }

  private boolean isVerdict(List<Judged> concluded) {
    return pods.size() <= FEW
        ? !concluded.isEmpty()
        : concluded.stream()
            .anyMatch(each -> each.verdict().first().check().severity() != Severity.NOT_APPLICABLE);
  }

  private boolean isUnknownEnding(TerminationReportStatus old) {
    Set<WatchedPod> listed = Set.copyOf(Reports.orEmpty(old.watchedPods()));
    return old.unlistedPods() == null
        && terminating.stream().anyMatch(pod -> !listed.contains(listed(pod)));
  }
}
