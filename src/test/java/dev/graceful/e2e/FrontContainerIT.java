package dev.graceful.e2e;

import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.e2e.ClientStats.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A pod whose container for the clients needs another one: the protection makes no failures of its
 * own. Two of the same app are rolled side by side under the same load, so that what the machine
 * does it does to both.
 */
@ExtendWith(OperatorExtension.class)
final class FrontContainerIT {

  private static final int ROLLOUTS = 3;
  private static final int REPLICAS = 3;

  /** Enough for an unprotected rollout to lose some, and little for two of them side by side. */
  private static final Traffic.Rate RATE = new Traffic.Rate(30, 10);

  private static final Policy UNPROTECTED = new Policy(Apply.Never, 5, 20);
  private static final Policy PROTECTED = new Policy(Apply.Immediately, 5, 20);

  private static final Path RESULT = Path.of("build", "front-container.json");
  private static final Duration LEAD = Duration.ofSeconds(2);

  /** Failures of the last pod's end are to be in the log. */
  private static final Duration TAIL = Duration.ofSeconds(2);

  /** What the clients of one app saw of one rollout. */
  private record Count(
      int requests,
      int failed,
      Map<String, Integer> failedNew,
      Map<String, Integer> failedKeepAlive) {

    static Count of(ClientStats clients) {
      return new Count(
          clients.requests(),
          clients.failedCount(),
          clients.failed(Kind.NEW),
          clients.failed(Kind.KEEP_ALIVE));
    }
  }

  /** One rollout of each of the two. */
  private record Round(int rollout, Count withoutProtection, Count withProtection) {

    List<String> cells() {
      return List.of(
          String.valueOf(rollout),
          String.valueOf(withoutProtection.requests()),
          inWords(withoutProtection),
          String.valueOf(withProtection.requests()),
          inWords(withProtection));
    }

    private static String inWords(Count count) {
      return "%d (new %s; kept-alive %s)"
          .formatted(
              count.failed(),
              Scenario.inWords(count.failedNew()),
              Scenario.inWords(count.failedKeepAlive()));
    }
  }

  private final Suite suite;

  FrontContainerIT(Suite suite) {
    this.suite = suite;
  }

  @Test
  void protectedPodsFailNoMoreRequestsThanUnprotectedOnes() {
    try (Front unprotected = deploy("e2e-front-unprotected");
        Front sheltered = deploy("e2e-front-protected")) {
      unprotected.awaitServedUnder(UNPROTECTED);
      sheltered.awaitServedUnder(PROTECTED);

      List<Round> rounds =
          IntStream.rangeClosed(1, ROLLOUTS)
              .mapToObj(number -> round(number, unprotected, sheltered))
              .toList();
      Rows.write(RESULT, rounds);
      suite.progress().print(table(rounds));

      assertSoftly(
          softly -> {
            softly
                .assertThat(rounds.stream().mapToInt(each -> each.withProtection().failed()).sum())
                .as("failures with protection, not more than without")
                .isLessThanOrEqualTo(
                    rounds.stream().mapToInt(each -> each.withoutProtection().failed()).sum());
            softly.assertThat(sheltered.sleeping()).containsExactly("server", "php");
            softly.assertThat(unprotected.sleeping()).isEmpty();
          });
    }
  }

  private Front deploy(String namespace) {
    return Front.deploy(suite.cluster(), namespace, REPLICAS, suite.progress());
  }

  private Round round(int number, Front unprotected, Front sheltered) {
    Traffic.Run without = unprotected.begin("front-unprotected-" + number, RATE);
    Traffic.Run with = sheltered.begin("front-protected-" + number, RATE);
    Progress.sleep(LEAD);
    List<Workload.Rollout> rollouts = List.of(unprotected.rollOut(), sheltered.rollOut());
    suite
        .progress()
        .until(
            "the old pods of both apps to be gone",
            Duration.ofMinutes(4),
            () -> rollouts.stream().allMatch(Workload.Rollout::areOldPodsGone));
    Progress.sleep(TAIL);
    return new Round(number, Count.of(without.stop()), Count.of(with.stop()));
  }

  private static String table(List<Round> rounds) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("rollout", "unprotected", "failed", "protected", "failed"));
    rounds.forEach(round -> rows.add(round.cells()));
    return TextTable.of(rows);
  }
}
