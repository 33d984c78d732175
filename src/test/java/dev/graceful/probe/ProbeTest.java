package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.observe.Asking;
import dev.graceful.observe.ContainerFacts;
import dev.graceful.observe.Ending;
import dev.graceful.observe.Exit;
import dev.graceful.observe.Knock;
import dev.graceful.observe.PodFacts;
import dev.graceful.observe.PodRef;
import dev.graceful.observe.RevisionFacts;
import dev.graceful.observe.SliceFacts;
import dev.graceful.observe.SliceFacts.EndpointFacts;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.Settings;
import dev.graceful.observe.Terminations.Target;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.Verification;
import dev.graceful.observe.WorkloadRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The probe and what remembers its knocks, against a real listener. */
class ProbeTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final PodRef POD = new PodRef("shop", "web-1", "u-1");
  private static final String LOOPBACK = "127.0.0.1";

  private final Terminations terminations = new Terminations(new Follow(), 10);
  private final Probe probe = new Probe(terminations, System::nanoTime);
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.ofLiteral(LOOPBACK));
    terminations.govern(WEB, new Settings(5, new Asking.Wish(VerifyMode.Connect, null, null)));
    terminations.replicaSet(
        new RevisionFacts("shop", "web-a", "rs-1", WEB, 1, 1, "t-1", List.of(container())));
    slice(true, false);
  }

  @AfterEach
  void close() throws IOException {
    probe.close();
    server.close();
  }

  @Test
  void metAndFollowedUntilItsEnd() throws IOException {
    // given a ready pod that was met
    pod(null, Map.of());

    // when it is ended, leaves, stops listening, and exits
    pod(30L, Map.of());
    slice(false, true);
    await("accepted").until(() -> knocked(Knock.Outcome.Accepted));
    server.close();
    await("refused").until(() -> knocked(Knock.Outcome.Refused));
    pod(30L, Map.of("app", new Exit(0, "Completed", null)));

    // then all of it is in the timeline, in this order
    Timeline timeline = terminations.revisions(WEB).getFirst().concluded().getFirst().timeline();
    assertThat(timeline.verification()).isEqualTo(Verification.Knocked);
    assertThat(timeline.knocks().getFirst().outcome()).isEqualTo(Knock.Outcome.Accepted);
    assertThat(timeline.knocks().getLast().outcome()).isEqualTo(Knock.Outcome.Refused);
    assertThat(timeline.ending())
        .extracting(Ending::exit)
        .isEqualTo(new Exit(0, "Completed", null));
  }

  private boolean knocked(Knock.Outcome outcome) {
    var progress = terminations.progress(POD.uid(), System.nanoTime());
    return progress != null
        && (outcome == Knock.Outcome.Refused
            ? progress.refusedInARow() >= 2
            : progress.elapsedMillis() >= 200);
  }

  private void pod(@Nullable Long grace, Map<String, Exit> exits) {
    terminations.pod(
        new PodFacts(
            POD,
            "rs-1",
            LOOPBACK,
            grace == null,
            grace,
            false,
            null,
            null,
            null,
            List.of(container()),
            exits),
        System.nanoTime());
  }

  private void slice(boolean ready, boolean terminating) {
    terminations.slice(
        new SliceFacts(
            "shop",
            "web-x",
            "web",
            Set.of(server.getLocalPort()),
            Map.of(POD.uid(), new EndpointFacts(ready, terminating))),
        System.nanoTime());
  }

  private static ContainerFacts container() {
    return new ContainerFacts("app", false, 0, true, null, Set.of(), Map.of());
  }

  private final class Follow implements Terminations.Listener {
    @Override
    public void changed(WorkloadRef workload) {}

    @Override
    public void readyToMeet(Target target) {
      probe.meet(target);
    }

    @Override
    public void started(Target target) {
      probe.follow(target);
    }
  }
}
