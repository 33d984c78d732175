package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.ReportedTermination;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a machine that has too much to do does to a run, whatever the app in it is like.
 *
 * @param strays connections that no one took at a time when, by the policy, no client came to a pod
 *     any more that had left
 * @param lateMillis how late the clients themselves sent at worst
 * @param unseen how many terminations the operator says that it could not see
 */
record Disturbance(int strays, long lateMillis, int unseen) {

  /** Clients that come so late have a machine on which nothing is done when it is due. */
  private static final long LATE_MILLIS = 100;

  /** How exactly a test knows when a pod was deleted. */
  private static final Duration BLUR = Duration.ofMillis(500);

  private static final String UNSEEN = "Inconclusive";

  /**
   * @param deletedUnixMillis when the pod with this uid was deleted; empty: it was not seen
   * @param verdicts how many of the run's terminations got which verdict
   * @param terminations those that had clients
   */
  static Disturbance of(
      Policy policy,
      Function<String, Optional<Long>> deletedUnixMillis,
      Map<String, Integer> verdicts,
      List<ReportedTermination> terminations,
      Tally clients) {
    long strays =
        clients.notTaken().stream()
            .filter(
                failure ->
                    terminations.stream()
                        .noneMatch(
                            each ->
                                mayGetClients(
                                    policy,
                                    each,
                                    deletedUnixMillis.apply(each.uid()),
                                    failure.atUnixMillis())))
            .count();
    return new Disturbance((int) strays, clients.latestMillis(), verdicts.getOrDefault(UNSEEN, 0));
  }

  private static boolean mayGetClients(
      Policy policy,
      ReportedTermination termination,
      Optional<Long> deletedUnixMillis,
      long atUnixMillis) {
    Long left = termination.leftMillis();
    if (left == null || deletedUnixMillis.isEmpty()) {
      return true;
    }
    long deleted = deletedUnixMillis.get();
    long window = Duration.ofSeconds(policy.propagationSeconds()).toMillis();
    return atUnixMillis >= deleted - BLUR.toMillis()
        && atUnixMillis <= deleted + left + window + BLUR.toMillis();
  }

  /** Whether what came of the run may be the machine's doing. */
  boolean mayAccountForIt() {
    return strays > 0 || lateMillis > LATE_MILLIS || unseen > 0;
  }

  /** As the end of a sentence. */
  @Override
  public String toString() {
    return "%d strayed, clients late by up to %d ms, %d terminations not seen"
        .formatted(strays, lateMillis, unseen);
  }
}
