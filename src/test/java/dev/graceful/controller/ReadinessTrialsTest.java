package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.controller.ReadinessTrials.Answered;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessAnswer.Failed;
import dev.graceful.facts.ReadinessAnswer.Passed;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.ReadinessCheck.HttpGet;
import dev.graceful.facts.ReadinessCheck.TcpSocket;
import dev.graceful.facts.WorkloadRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadinessTrialsTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final ReadinessCheck READY =
      new ReadinessCheck(new HttpGet("/ready", false), 8080, 1);
  private static final ReadinessCheck OPEN = new ReadinessCheck(new TcpSocket(), 8080, 1);
  private static final Failed NOT_YET = new Failed("GET /ready on port 8080 was refused");

  /** Longer than any pause. */
  private static final long MUCH_LATER = Duration.ofHours(1).toNanos();

  private final BlockingQueue<ReadinessAnswer> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<WorkloadRef> woken = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private @Nullable String address = "10.0.0.7";

  private final Workloads workloads = new Workloads(new SmallSettings().apply(), ref -> {});

  private final ReadinessTrials trials =
      new ReadinessTrials(
          workloads,
          ref -> address,
          (at, check) -> {
            asked.add(at + " " + check.port());
            try {
              return answers.take();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          },
          woken::add);

  @Test
  void aPodIsAskedOnceAndItsAnswerKept() {
    // when
    Answered asking = trials.ask(WEB, READY, "t-1", System.nanoTime());
    Answered stillAsking = trials.ask(WEB, READY, "t-1", System.nanoTime());
    answer(new Passed());

    // then
    assertThat(asking).isNull();
    assertThat(stillAsking).isNull();
    assertThat(woken).containsExactly(WEB);
    assertThat(trials.ask(WEB, READY, "t-1", System.nanoTime() + MUCH_LATER))
        .isEqualTo(new Answered(new Passed(), null));
    assertThat(asked).containsExactly("10.0.0.7 8080");
  }

  @Test
  void oneThatFailsIsAskedAgainAfterAPause() {
    // given
    trials.ask(WEB, READY, "t-1", System.nanoTime());
    answer(NOT_YET);

    // when
    Answered failed = trials.ask(WEB, READY, "t-1", System.nanoTime());
    Answered askedAgain = trials.ask(WEB, READY, "t-1", System.nanoTime() + MUCH_LATER);
    answer(new Passed());

    // then
    assertThat(Objects.requireNonNull(failed).answer()).isEqualTo(NOT_YET);
    assertThat(failed.again()).isPositive();
    assertThat(askedAgain).isNull();
    assertThat(trials.ask(WEB, READY, "t-1", System.nanoTime()))
        .isEqualTo(new Answered(new Passed(), null));
  }

  @Test
  void oneThatGoesOnFailingIsLeftInPeace() {
    // given
    List<Answered> given = new ArrayList<>();

    // when
    Answered last = null;
    while (last == null || last.again() != null) {
      Answered asking = trials.ask(WEB, READY, "t-1", System.nanoTime() + MUCH_LATER);
      assertThat(asking).isNull();
      answer(NOT_YET);
      last = Objects.requireNonNull(trials.ask(WEB, READY, "t-1", System.nanoTime()));
      given.add(last);
    }

    // then
    assertThat(given).hasSize(6).allMatch(a -> a.answer().equals(NOT_YET));
    assertThat(trials.ask(WEB, READY, "t-1", System.nanoTime() + MUCH_LATER)).isEqualTo(last);
    assertThat(asked).hasSize(6);
  }

  @Test
  void anotherTemplateOrAnotherProbeIsAskedAnew() {
    // given
    trials.ask(WEB, READY, "t-1", System.nanoTime());
    answer(NOT_YET);

    // when
    Answered otherTemplate = trials.ask(WEB, READY, "t-2", System.nanoTime());
    answer(new Passed());
    Answered otherProbe = trials.ask(WEB, OPEN, "t-2", System.nanoTime());
    answer(new Passed());

    // then
    assertThat(otherTemplate).isNull();
    assertThat(otherProbe).isNull();
    assertThat(asked).hasSize(3);
  }

  @Test
  void anAnswerToWhatIsNotAskedAnyMoreIsDropped() {
    // given
    trials.ask(WEB, READY, "t-1", System.nanoTime());
    await().until(() -> asked.size() == 1);
    trials.ask(WEB, READY, "t-2", System.nanoTime());
    await().until(() -> asked.size() == 2);

    // when both answer
    answers.add(new Passed());
    answers.add(new Passed());
    await().until(() -> woken.size() == 2);

    // then
    assertThat(trials.ask(WEB, READY, "t-2", System.nanoTime()))
        .isEqualTo(new Answered(new Passed(), null));
    assertThat(asked).hasSize(2);
  }

  @Test
  void withoutAReadyPodThereIsNoneToAsk() {
    // given
    address = null;

    // when
    Answered answered = trials.ask(WEB, READY, "t-1", System.nanoTime());

    // then
    assertThat(answered)
        .isEqualTo(new Answered(new Failed("no running pod is there to try it on"), null));
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsForgottenIsAskedAnewAndNotAnsweredLater() {
    // given
    trials.ask(WEB, READY, "t-1", System.nanoTime());
    await().until(() -> asked.size() == 1);
    workloads.forget(WEB);
    answer(NOT_YET);

    // when
    Answered again = trials.ask(WEB, READY, "t-1", System.nanoTime());
    answer(new Passed());

    // then
    assertThat(again).isNull();
    assertThat(trials.ask(WEB, READY, "t-1", System.nanoTime()))
        .isEqualTo(new Answered(new Passed(), null));
  }

  private void answer(ReadinessAnswer answer) {
    int before = woken.size();
    answers.add(answer);
    await().until(() -> woken.size() > before);
  }
}
