package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.Course;
import dev.graceful.evidence.EndpointState;
import dev.graceful.evidence.Entry;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.PodPort;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.ProbedPorts;
import dev.graceful.evidence.Setting;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Times are milliseconds since the deletion. */
class FollowedTest {

  private static final Tick DELETED = new Tick(Long.MAX_VALUE - 1_000);
  private static final ContainerFacts APP =
      new ContainerFacts("app", false, 0, true, null, Set.of(8080), Map.of());
  private static final Setting SETTING =
      new Setting(
          30,
          30,
          5,
          true,
          null,
          ProbedPorts.NONE,
          null,
          List.of(APP),
          null,
          true,
          true,
          true,
          null,
          true);

  private final List<Event> told = new ArrayList<>();
  private final Followed termination =
      new Followed(target(), course(EndpointState.NONE), told::add);

  @Test
  void theProgressIsOfTheCourseAndOfTheConnectionsSoFar() {
    // given
    var left = new EndpointState(DELETED.plusMillis(40), false, null, false);

    // when
    termination.advance(course(left));
    termination.connected(8080, ConnectOutcome.Refused, at(90), at(100));
    termination.connected(8080, ConnectOutcome.Accepted, at(150), at(160));
    termination.connected(8080, ConnectOutcome.Refused, at(190), at(200));
    termination.connected(8080, ConnectOutcome.Reset, at(240), at(250));

    // then
    assertThat(termination.progress(at(300)))
        .isEqualTo(
            new Progress(300, 30_000, 40L, 5, 150L, 2, false, new SigtermWindow(0, 2_500), 0));
  }

  @Test
  void aConnectionThatWasServedCountsFromItsBeginningAndAnyOtherFromItsEnd() {
    // when
    termination.connected(8080, ConnectOutcome.Answered, at(10), at(20));
    termination.connected(8080, ConnectOutcome.Refused, at(30), at(40));

    // then
    assertThat(told)
        .extracting(event -> ((Event.Attempted) event).attempt())
        .containsExactly(
            new Entry.Connected(new Tick(at(10)), 8080, ConnectOutcome.Answered),
            new Entry.Connected(new Tick(at(40)), 8080, ConnectOutcome.Refused));
  }

  @Test
  void afterA5xxOnTheReadinessPathOnlyConnectionsAreMade() {
    // given
    boolean before = progress(5).connectOnly();

    // when
    termination.connected(8080, ConnectOutcome.ServerError, at(10), at(20));
    termination.connected(8080, ConnectOutcome.Accepted, at(30), at(40));

    // then
    assertThat(before).isFalse();
    assertThat(progress(50).connectOnly()).isTrue();
  }

  @Test
  void eachPortHasAProgressOfItsOwn() {
    // when
    termination.connected(8081, ConnectOutcome.Refused, at(10), at(20));
    termination.connected(8080, ConnectOutcome.Answered, at(12), at(20));

    // then
    assertThat(progress(30).refusedInARow()).isZero();
    assertThat(progress(30).servedMillis()).isEqualTo(12);
    assertThat(termination.progress(8081, at(30)))
        .isNotNull()
        .satisfies(
            it -> {
              assertThat(it.refusedInARow()).isEqualTo(1);
              assertThat(it.servedMillis()).isNull();
            });
  }

  @Test
  void whatIsOverHasNoProgress() {
    // when
    termination.end();

    // then
    assertThat(termination.progress(at(10))).isNull();
  }

  private Progress progress(long millis) {
    return Objects.requireNonNull(termination.progress(at(millis)));
  }

  private static Course course(EndpointState endpoint) {
    return new Course(DELETED, SETTING, endpoint, new SigtermWindow(0, 2_500));
  }

  private static ProbeTarget target() {
    return new ProbeTarget(
        new WorkloadRef("shop", "web"),
        new RevisionRef("shop", "rs-1"),
        new PodRef("shop", "web-1", "u-1"),
        "10.0.0.1",
        new ProbePlan(8080, false, "/ready", true),
        List.of(new PodPort("10.0.0.1", 8081)),
        new Baseline(true, true, Keeping.Kept, 4, 200, null));
  }

  private static long at(long millis) {
    return DELETED.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
