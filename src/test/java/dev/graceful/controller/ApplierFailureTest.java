package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.cluster.Templates;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.RolloutState;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.rollout.Step.End;
import dev.graceful.template.Change;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import dev.graceful.template.Ledger;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When what could not be written is tried again. */
class ApplierFailureTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final WorkloadRef OTHER = new WorkloadRef("shop", "other");

  private final Workloads workloads = new Workloads(new SmallSettings().apply(), ref -> {});
  private final Applier applier =
      new Applier(
          workloads,
          new KeptLedgers(),
          new FailingTemplates(),
          (ref, changes) -> {},
          () -> this.nanos);

  private long nanos;
  private int tries;
  private @Nullable KubernetesClientException failure;

  @Test
  void whatTheServerCannotTakeNowIsToldInItsWords() {
    // when
    End end = fails(WEB, 429, "Too many requests, please try again later.");

    // then
    assertThat(end.programmed().reason()).isEqualTo("WriteFailed");
    assertThat(end.programmed().message()).endsWith("Too many requests, please try again later.");
    assertThat(end.again()).isEqualTo(Duration.ofSeconds(1));
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
    End end = fails(WEB, 503, "another answer");

    // then
    assertThat(tries).isEqualTo(1);
    assertThat(end.programmed().message()).endsWith("shutting down");
    assertThat(end.again()).isEqualTo(Duration.ofMillis(600));
    assertThat(isWritten(OTHER)).as("of another workload").isTrue();
  }

  @Test
  void afterASuccessItBeginsAnew() {
    // given
    fails(WEB, 429, "");
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(isWritten(WEB)).isTrue();

    // when
    End end = fails(WEB, 429, "");

    // then
    assertThat(end.again()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatIsForgottenIsTriedAtOnce() {
    // given
    fails(WEB, 429, "");

    // when
    workloads.forget(WEB);

    // then
    assertThat(isWritten(WEB)).isTrue();
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

  private End fails(WorkloadRef ref, int code, String answer) {
    failure =
        new KubernetesClientException(
            answer, code, new StatusBuilder().withCode(code).withMessage(answer).build());
    return advance(ref);
  }

  private boolean isWritten(WorkloadRef ref) {
    failure = null;
    int before = tries;
    End end = advance(ref);
    return tries > before && end.again() == null;
  }

  /** Joins the owner's rollout. */
  private End advance(WorkloadRef ref) {
    var deployment = DeploymentFacts.from(Shop.deployment(ref.namespace(), ref.name()));
    var recorded = new DeploymentProtectionSpec(new PolicyRef("gentle", "p-1"));
    var decision = new Decision(List.of("app"), 6, 36);
    var aim =
        new Aim(
            deployment,
            recorded,
            Journal.EMPTY,
            Ledger.EMPTY,
            Apply.OnRollout,
            new Pending(Reason.Programmed, "", decision, new Change(36L, List.of())),
            Contest.NONE,
            List.of(),
            true,
            false,
            null);
    return applier.advance(
        RolloutState.of(aim, workloads.of(ref).setbacks(), nanos), Stream::empty);
  }

  private final class FailingTemplates implements Templates {

    @Override
    public Outcome write(DeploymentFacts deployment, Change change) {
      tries++;
      if (failure != null) {
        throw failure;
      }
      return new Written();
    }

    @Override
    public Outcome dryRun(DeploymentFacts deployment, Change change) {
      throw new UnsupportedOperationException("the owner's rollout is under way");
    }

    @Override
    public void letGo(WorkloadRef ref) {
      throw new UnsupportedOperationException("the operator holds nothing");
    }
  }
}
