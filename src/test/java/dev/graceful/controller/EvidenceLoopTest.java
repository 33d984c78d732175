package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.evidence.Effect;
import dev.graceful.evidence.Entry;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.History;
import dev.graceful.evidence.Observatory;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The one thread that owns the evidence. */
class EvidenceLoopTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, false, null, Set.of(), Map.of());

  private final List<Effect> effects = new CopyOnWriteArrayList<>();
  private final EvidenceLoop loop =
      new EvidenceLoop(new Observatory(10, address -> true), effects::add);

  @Test
  void aQuestionIsAnsweredAfterAllThatWasToldBefore() {
    // given
    loop.start();

    // when
    for (int i = 0; i < 100; i++) {
      loop.tell(new Event.RevisionSeen(MonotonicClock.now(), revision("rs-" + i)));
    }

    // then
    assertThat(loop.<Integer>ask(o -> o.workload(WEB).histories().size())).isEqualTo(100);
  }

  @Test
  void whatFailsEndsNothing() {
    // given
    var failing =
        new EvidenceLoop(
            new Observatory(10, address -> true),
            effect -> {
              throw new IllegalStateException("made up");
            });
    failing.start();

    // when
    failing.tell(new Event.RevisionSeen(MonotonicClock.now(), revision("rs-1")));
    failing.tell(new Event.PodSeen(MonotonicClock.now(), pod(null, Map.of())));

    // then
    assertThat(failing.<Integer>ask(o -> o.workload(WEB).histories().size())).isEqualTo(1);
    assertThatThrownBy(
            () ->
                failing.ask(
                    o -> {
                      throw new IllegalArgumentException("a bad question");
                    }))
        .hasRootCauseMessage("a bad question");
    assertThat(failing.<Integer>ask(o -> o.workload(WEB).histories().size())).isEqualTo(1);
  }

  @Test
  void aQueueThatFallsBehindIsLossOfSight() {
    // given
    loop.start();
    loop.tell(
        new Event.Governed(
            MonotonicClock.now(),
            WEB,
            new ProbeRules(5, new ProbePlan.VerifySpec(VerifyMode.None, null, null, List.of()))));
    loop.tell(new Event.RevisionSeen(MonotonicClock.now(), revision("rs-1")));
    loop.tell(new Event.PodSeen(MonotonicClock.now(), pod(null, Map.of())));

    // when the loop stands still for longer than a beat may wait
    var stands = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(
            () ->
                loop.change(
                    o -> {
                      stands.countDown();
                      waitFor(goOn);
                    }));
    waitFor(stands);
    var beat = new Event.Passed(MonotonicClock.now());
    loop.tell(beat);
    await().until(() -> MonotonicClock.now().millisSince(beat.at()) > 200);
    goOn.countDown();
    loop.tell(new Event.PodSeen(MonotonicClock.now(), pod(30L, Map.of())));
    loop.tell(
        new Event.PodSeen(
            MonotonicClock.now(), pod(30L, Map.of("app", new Exit(0, "Completed", null)))));

    // then
    History history = loop.ask(o -> o.workload(WEB).histories().getFirst().concluded().getFirst());
    assertThat(history.all(Entry.Blind.class))
        .first()
        .satisfies(
            blind -> {
              assertThat(blind.from()).isEqualTo(beat.at());
              assertThat(blind.at().millisSince(blind.from())).isGreaterThan(150);
            });
  }

  @Test
  void theMonitorTellsOfWatchesThatAreDownAndThatTimePasses() {
    // given
    List<Event> told = new CopyOnWriteArrayList<>();

    // when
    try (var monitor = new SightMonitor(() -> false, told::add)) {
      monitor.start();

      // then
      await().until(() -> told.stream().anyMatch(Event.SightLost.class::isInstance));
      assertThat(told).anyMatch(Event.Passed.class::isInstance);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RevisionFacts revision(String uid) {
    return new RevisionFacts("shop", "web-" + uid, uid, WEB, 1, 1, "t-1", List.of(APP));
  }

  private static PodFacts pod(@Nullable Long grace, Map<String, Exit> exits) {
    return new PodFacts(
        new PodRef("shop", "web-1", "u-1"),
        "rs-1",
        "10.0.0.1",
        true,
        0,
        grace,
        false,
        null,
        null,
        null,
        false,
        List.of(APP),
        exits);
  }
}
