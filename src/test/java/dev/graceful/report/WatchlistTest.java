package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.api.v1alpha1.VerdictCount;
import dev.graceful.api.v1alpha1.WatchedPod;
import dev.graceful.facts.PodRef;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a report has of the pods that are to be accounted for. */
class WatchlistTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  @Test
  void aPodIsListedByItsNameAndTheFirstPartOfItsUid() {
    // given
    var pod = new PodRef("shop", "web-a", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed");

    // when, then
    assertThat(watching(List.of(pod)).listed())
        .containsExactly(new WatchedPod("web-a", "1b9d6bcd-bbfd"));
    assertThat(watching(List.of(pod)).missed("shop", next(List.of(pod)), List.of())).isEmpty();
  }

  @Test
  void beyondTwoThousandPodsAreCounted() {
    // when
    TerminationReportStatus status = next(pods(0, 2_001));

    // then
    assertThat(status.watchedPods()).hasSize(2_000);
    assertThat(status.unlistedPods()).isEqualTo(1);
    assertThat(status.unaccountedPods()).isNull();
    assertThat(next(pods(0, 2_000)).unlistedPods()).isNull();
    assertThat(next(pods(0, 2_000)).unlistedDigest()).isNull();
  }

  @Test
  void unlistedPodsThatAreStillThereAreAccountedFor() {
    // given
    List<PodRef> pods = pods(0, 2_100);
    TerminationReportStatus old = next(pods);
    // The list moves up where a listed pod has ended.
    List<PodRef> oneIsGone = pods.subList(1, pods.size());

    // when, then
    assertThat(watching(pods).afterAbsence(old, List.of()).unaccounted()).isZero();
    assertThat(watching(oneIsGone).afterAbsence(old, List.of()).unaccounted()).isZero();
    assertThat(watching(oneIsGone).missed("shop", old, List.of())).hasSize(1);
  }

  @Test
  void unlistedPodsThatMayHaveEndedUnseenAreNotCalledGood() {
    // given
    TerminationReportStatus old = good(next(pods(0, 2_100)));
    List<PodRef> anotherInPlaceOfOne = pods(1, 2_101);

    // when
    Watchlist back = watching(anotherInPlaceOfOne).afterAbsence(old, List.of());
    TerminationReportStatus next = next(old, back);
    TerminationReportStatus later = next(next, watching(anotherInPlaceOfOne));

    // then
    assertThat(graceful(next(old, watching(pods(0, 2_100)))).status())
        .isEqualTo(Condition.Status.True);
    assertThat(graceful(next).status()).isEqualTo(Condition.Status.Unknown);
    assertThat(graceful(next).message()).contains("3 of 3 observed", "Up to 100 pods");
    assertThat(later.unaccountedPods()).isEqualTo(100);
    assertThat(later).isEqualTo(next);
  }

  /** The API server refuses what etcd does: more than 1.5 MiB. */
  @Test
  void aNeighboursTenThousandPodsWithTheLongestNamesFitIntoEtcd() {
    // given
    List<PodRef> pods =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new PodRef("shop", "n".repeat(248) + i, UUID.randomUUID().toString()))
            .toList();
    TerminationReportStatus old = withWorst(next(pods), Collections.nCopies(50, largest()));

    // when
    TerminationReportStatus next = next(old, watching(pods));

    // then
    assertThat(next.unlistedPods()).isEqualTo(8_000);
    assertThat(next.worstTerminations()).hasSizeGreaterThanOrEqualTo(5);
    assertThat(Serialization.asJson(next).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(1024 * 1024);
    assertThat(next(next, watching(pods))).isEqualTo(next);
  }

  /** With each text as long as its schema allows, of characters of three bytes. */
  private static ReportedTermination largest() {
    String most = "≤".repeat(5_000);
    List<String> texts = Collections.nCopies(16, most);
    return new ReportedTermination(
        most,
        most,
        most,
        "CutConnections",
        texts,
        most,
        most,
        texts,
        most,
        300,
        3_900L,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        137,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE);
  }

  private static TerminationReportStatus good(TerminationReportStatus status) {
    return new TerminationReportStatus(
        3,
        List.of(new VerdictCount("Graceful", 3)),
        status.causes(),
        null,
        null,
        null,
        null,
        null,
        status.worstTerminations(),
        status.watchedPods(),
        status.unlistedPods(),
        status.unlistedDigest(),
        status.unaccountedPods(),
        status.conditions());
  }

  private static TerminationReportStatus withWorst(
      TerminationReportStatus status, List<ReportedTermination> worst) {
    return new TerminationReportStatus(
        50,
        List.of(new VerdictCount("CutConnections", 50)),
        status.causes(),
        null,
        null,
        null,
        null,
        null,
        worst,
        status.watchedPods(),
        status.unlistedPods(),
        status.unlistedDigest(),
        status.unaccountedPods(),
        status.conditions());
  }

  private static List<PodRef> pods(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> new PodRef("shop", "web-%05d".formatted(i), "uid-%05d".formatted(i)))
        .toList();
  }

  private static Watchlist watching(List<PodRef> pods) {
    return new Watchlist(pods, List.of(), 0);
  }

  private static TerminationReportStatus next(List<PodRef> pods) {
    return next(Reports.EMPTY, watching(pods));
  }

  private static TerminationReportStatus next(TerminationReportStatus old, Watchlist watched) {
    return Reports.next(old, watched, List.of(), false, false, 1L, NOW);
  }

  private static Condition graceful(TerminationReportStatus status) {
    return Objects.requireNonNull(Reports.graceful(status));
  }
}
