package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodRef;
import dev.graceful.judge.Cause;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Judge;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Ports;
import dev.graceful.judge.Timeline;
import dev.graceful.judge.Verification;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pod that would like to write on the terminals of those who read its report. */
class HostilePodTest {

  private static final String PATH = "/\u001b[2J\r\nFAKE: ok\u202egnp?token=s3cret&x";
  private static final String SHOWN = "/%1B[2J%0D%0AFAKE:%20ok%E2%80%AEgnp?token=…&…";

  @Test
  void itIsAskedAsItWantsAndShownEscaped() {
    // given
    ProbePlan asking =
        Objects.requireNonNull(
            ProbePlan.of(
                ProbePlan.VerifySpec.of(null),
                List.of(ContainerFacts.from(container())),
                new ClientPorts(true, Set.of(8080), Set.of(), Set.of())));
    String requested = Objects.requireNonNull(asking.path());

    // when
    TerminationReportStatus status =
        Reports.next(
            Reports.EMPTY,
            new Watchlist(List.of(), List.of(), 0),
            List.of(Judge.judge(cut(new ProbedPath(requested, false, 48)))),
            false,
            false,
            1L,
            Instant.parse("2026-01-01T10:00:00Z"));

    // then
    assertThat(requested).isEqualTo(PATH);
    ReportedTermination reported = Objects.requireNonNull(status.worstTerminations()).getFirst();
    assertThat(reported.verdict()).isEqualTo("CutConnections");
    assertThat(reported.message())
        .contains("GET " + SHOWN + " (usually")
        .contains("exit code 1 (\ufffd[31mError now: you\ufffd)");
    assertThat(reported.restsOn()).isEqualTo("requests: GET " + SHOWN + ", ≤ 48 ms");
    String json = Serialization.asJson(status);
    assertThat(json).contains(SHOWN).doesNotContain("s3cret");
    assertThat(json).matches(text -> text.codePoints().noneMatch(HostilePodTest::isUnseen));
    assertThat(json).doesNotContain("\\u", "\\r", "\\n");
  }

  private static boolean isUnseen(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }

  private static Container container() {
    return new ContainerBuilder()
        .withName("app")
        .addNewPort()
        .withContainerPort(8080)
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath(PATH)
        .withNewPort(8080)
        .endHttpGet()
        .endReadinessProbe()
        .build();
  }

  private static Timeline cut(ProbedPath asked) {
    return new Timeline(
        new PodRef("shop", "a", "uid-a"),
        Cause.Rollout,
        new Timeline.Template(6, 6_000, false, true, null),
        36,
        null,
        5,
        Verification.Reached,
        asked,
        Ports.NONE,
        null,
        true,
        true,
        null,
        40L,
        false,
        null,
        new SigtermWindow(6_000, 6_020),
        null,
        new Ending(
            6_050,
            List.of(
                new ContainerEnd(
                    "app",
                    ContainerEnd.Role.Serves,
                    new Exit(1, "\u001b[31mError\nnow:\u00a0you\u202e", null)))),
        null,
        List.of(new ConnectionAttempt(5_900, ConnectOutcome.Answered)),
        List.of(new KeepAliveRequest(6_010, 6_040, 6_041, RequestFate.Cut)),
        null,
        List.of(),
        null);
  }
}
