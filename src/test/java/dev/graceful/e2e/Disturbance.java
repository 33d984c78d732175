package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.ReportedTermination;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a machine that has too much to do does to a run, whatever the app in it is like: told where
 * a check fails, and no excuse.
 *
 * @param strays connections that no one took at a time when, by the policy, no client came to a pod
 *     any more that had left
 * @param lateMillis how late the clients themselves sent at worst
 * @param unseen how many terminations the operator says that it could not see
 */
record Disturbance(int strays, long lateMillis, int unseen) {

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
      ClientStats clients) {
    List<Window> windows =
        terminations.stream()
            .map(each -> Window.of(policy, each, deletedUnixMillis.apply(each.uid())))
            .toList();
    long strays =
        clients.notTaken().stream()
            .filter(
                failure ->
                    windows.stream().noneMatch(each -> each.contains(failure.atUnixMillis())))
            .count();
    return new Disturbance((int) strays, clients.latestMillis(), verdicts.getOrDefault(UNSEEN, 0));
  }

  /** When, by the policy, a pod that was ended may have got clients. */
  private record Window(long fromUnixMillis, long untilUnixMillis) {

    private static final Window ALWAYS = new Window(Long.MIN_VALUE, Long.MAX_VALUE);

    static Window of(
        Policy policy, ReportedTermination termination, Optional<Long> deletedUnixMillis) {
      Long left = termination.leftMillis();
      if (left == null || deletedUnixMillis.isEmpty()) {
        return ALWAYS;
      }
      long deleted = deletedUnixMillis.get();
      long propagation = Duration.ofSeconds(policy.propagationSeconds()).toMillis();
      return new Window(deleted - BLUR.toMillis(), deleted + left + propagation + BLUR.toMillis());
    }

    boolean contains(long unixMillis) {
      return unixMillis >= fromUnixMillis && unixMillis <= untilUnixMillis;
    }
  }

  /** As the end of a sentence. */
  @Override
  public String toString() {
    return "%d strayed, clients late by up to %d ms, %d terminations not seen"
        .formatted(strays, lateMillis, unseen);
  }
}
