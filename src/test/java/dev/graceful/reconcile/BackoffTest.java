package dev.graceful.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graceful.observe.WorkloadRef;
import dev.graceful.reconcile.Programmer.Acted;
import dev.graceful.status.Programming;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When what could not be written is tried again. */
class BackoffTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final WorkloadRef OTHER = new WorkloadRef("shop", "other");
  private static final Acted DONE = new Acted(Programming.rolling(), null);

  private long nanos;
  private int tries;
  private final Backoff backoff = new Backoff(() -> nanos);

  @Test
  void whatSucceedsIsAnsweredAsItIs() {
    assertThat(backoff.attempt(WEB, () -> DONE)).isSameAs(DONE);
  }

  @Test
  void whatTheServerCannotTakeNowIsToldInItsWords() {
    // when
    Acted acted = fails(WEB, 429, "Too many requests, please try again later.");

    // then
    assertThat(acted.programmed().reason()).isEqualTo("WriteFailed");
    assertThat(acted.programmed().message()).endsWith("Too many requests, please try again later.");
    assertThat(acted.again()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void thePauseGrowsUpToItsLimit() {
    // when
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Duration pause = fails(WEB, 500, "failed calling webhook").again();
      pauses.add(pause == null ? -1 : pause.toSeconds());
      nanos += pause == null ? 0 : pause.toNanos();
    }

    // then
    assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    assertThat(tries).isEqualTo(7);
  }

  @Test
  void nothingIsSentBeforeThePauseIsOver() {
    // given
    fails(WEB, 503, "shutting down");
    nanos += Duration.ofMillis(400).toNanos();

    // when
    Acted acted = fails(WEB, 503, "another answer");

    // then
    assertThat(tries).isEqualTo(1);
    assertThat(acted.programmed().message()).endsWith("shutting down");
    assertThat(acted.again()).isEqualTo(Duration.ofMillis(600));
    assertThat(backoff.attempt(OTHER, () -> DONE)).as("of another workload").isSameAs(DONE);
  }

  @Test
  void afterASuccessItBeginsAnew() {
    // given
    fails(WEB, 429, "");
    nanos += Duration.ofSeconds(1).toNanos();
    backoff.attempt(WEB, () -> DONE);

    // when
    Acted acted = fails(WEB, 429, "");

    // then
    assertThat(acted.again()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatIsForgottenIsTriedAtOnce() {
    // given
    fails(WEB, 429, "");

    // when
    backoff.forget(WEB);

    // then
    assertThat(backoff.attempt(WEB, () -> DONE)).isSameAs(DONE);
  }

  /** A conflict is decided anew, and without an answer nothing else can be written either. */
  @Test
  void otherFailuresAreNotItsMatter() {
    for (int code : new int[] {0, 404, 409, 422}) {
      assertThatThrownBy(() -> fails(WEB, code, "no"))
          .as("code %d", code)
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(tries).isEqualTo(4);
  }

  private Acted fails(WorkloadRef ref, int code, String answer) {
    return backoff.attempt(
        ref,
        () -> {
          tries++;
          throw new KubernetesClientException(
              answer, code, new StatusBuilder().withCode(code).withMessage(answer).build());
        });
  }
}
