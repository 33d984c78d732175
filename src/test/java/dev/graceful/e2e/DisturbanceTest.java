package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.ReportedTermination;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DisturbanceTest {

  private static final long DELETED_UNIX_MILLIS = 1_000_000;
  private static final Optional<Long> DELETED = Optional.of(DELETED_UNIX_MILLIS);
  private static final Policy POLICY = new Policy(Apply.OnRollout, 3, 10);
  private static final String HEADER = "kind\toutcome\tlateMicros\tscheduledUnixMicros\n";

  @Test
  void connectionThatNoOneTookWithinTheWindowIsTheAppsDoing() {
    assertThat(of(termination(200L), refused(0)).strays()).isZero();
    assertThat(of(termination(200L), refused(3_000)).strays()).isZero();
  }

  @Test
  void connectionThatNoOneTookOutsideTheWindowStrayed() {
    assertThat(of(termination(200L), refused(-2_000)).strays()).isEqualTo(1);
    assertThat(of(termination(200L), refused(4_000)).strays()).isEqualTo(1);
  }

  @Test
  void podThatWasNotSeenToLeaveOrToBeDeletedMayGetClientsAtAnyTime() {
    assertThat(of(termination(null), refused(60_000)).strays()).isZero();
    assertThat(of(Optional.empty(), "Graceful", termination(200L), refused(60_000)).strays())
        .isZero();
  }

  @Test
  void requestThatWasTakenNeverStrays() {
    assertThat(of(termination(200L), line("new", "reset", 0, 4_000)).strays()).isZero();
    assertThat(of(termination(200L), line("keepAlive", "refused", 0, 4_000)).strays()).isZero();
  }

  @Test
  void lateClientsAndTerminationsThatWereNotSeenAreTold() {
    assertThat(of(termination(200L), line("new", "ok", 101, 0)))
        .hasToString("0 strayed, clients late by up to 101 ms, 0 terminations not seen");
    assertThat(of(DELETED, "Inconclusive", termination(200L), "").unseen()).isEqualTo(1);
  }

  private static Disturbance of(ReportedTermination termination, String line) {
    return of(DELETED, "Graceful", termination, line);
  }

  private static Disturbance of(
      Optional<Long> deleted, String verdict, ReportedTermination termination, String line) {
    return Disturbance.of(
        POLICY,
        _ -> deleted,
        Map.of(verdict, 1),
        List.of(termination),
        ClientStats.ofLog(HEADER + line));
  }

  private static String refused(long afterTheDeletionMillis) {
    return line("new", "refused", 0, afterTheDeletionMillis);
  }

  private static String line(
      String kind, String outcome, long lateMillis, long afterTheDeletionMillis) {
    return "%s\t%s\t%d\t%d\n"
        .formatted(
            kind,
            outcome,
            lateMillis * 1_000,
            (DELETED_UNIX_MILLIS + afterTheDeletionMillis) * 1_000);
  }

  private static ReportedTermination termination(@Nullable Long leftMillis) {
    return Serialization.unmarshal(
        """
        uid: uid-1
        leftMillis: %d
        """
            .formatted(leftMillis),
        ReportedTermination.class);
  }
}
