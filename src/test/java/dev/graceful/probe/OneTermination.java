package dev.graceful.probe;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.observe.Asking;
import dev.graceful.observe.ContainerFacts;
import dev.graceful.observe.ContainerFacts.HttpReadiness;
import dev.graceful.observe.Exit;
import dev.graceful.observe.PodFacts;
import dev.graceful.observe.PodRef;
import dev.graceful.observe.RevisionFacts;
import dev.graceful.observe.SliceFacts;
import dev.graceful.observe.SliceFacts.EndpointFacts;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.Settings;
import dev.graceful.observe.Terminations.Target;
import dev.graceful.observe.Timeline;
import dev.graceful.observe.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The probe at work on a listener of this machine, for which a pod, its slice and its deletion are
 * made up.
 */
final class OneTermination implements AutoCloseable {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final PodRef POD = new PodRef("shop", "web-1", "u-1");
  private static final String LOOPBACK = "127.0.0.1";
  private static final int REQUESTS = 150;

  private final Terminations terminations = new Terminations(new Follow(), 10, LOOPBACK::equals);
  private final Probe probe = new Probe(terminations, System::nanoTime, "test", REQUESTS);
  private final int port;
  private final long graceSeconds;
  private final ContainerFacts container;
  private boolean taken;

  /**
   * @param path of the readiness probe; null: it has none, and nothing is requested
   */
  OneTermination(
      int port,
      boolean tls,
      @Nullable String path,
      int propagationSeconds,
      int sleepSeconds,
      long graceSeconds) {
    this.port = port;
    this.graceSeconds = graceSeconds;
    this.container =
        new ContainerFacts(
            "app",
            sleepSeconds > 0,
            sleepSeconds,
            path != null,
            path == null ? null : new HttpReadiness(path, port, tls),
            Set.of(),
            Map.of());
    VerifyMode mode = path == null ? VerifyMode.Connect : null;
    terminations.govern(WEB, new Settings(propagationSeconds, new Asking.Wish(mode, null, null)));
    terminations.replicaSet(
        new RevisionFacts("shop", "web-a", "rs-1", WEB, 1, 1, "t-1", List.of(container)));
    slice(true, false);
  }

  /** The pod is ready; returns once it was met. */
  void ready() {
    pod(null, Map.of());
  }

  /** The deletion is seen, and soon after that it left. */
  void deleted() {
    pod(graceSeconds, Map.of());
    slice(false, true);
  }

  /** The kubelet has taken up the deletion. */
  void taken() {
    taken = true;
    pod(graceSeconds, Map.of());
  }

  /** The process has ended; returns what was seen of all that. */
  Timeline exited(int code) {
    pod(graceSeconds, Map.of("app", new Exit(code, "Completed", null)));
    return terminations.revisions(WEB).getFirst().concluded().getFirst().timeline();
  }

  /** How many of the latest knocks were refused; 0 also where it is over. */
  int refusedInARow() {
    var progress = terminations.progress(POD.uid(), System.nanoTime());
    return progress == null ? 0 : progress.refusedInARow();
  }

  @Override
  public void close() {
    probe.close();
  }

  private void pod(@Nullable Long grace, Map<String, Exit> exits) {
    terminations.pod(
        new PodFacts(
            POD,
            "rs-1",
            LOOPBACK,
            grace == null,
            grace,
            taken,
            null,
            null,
            null,
            false,
            List.of(container),
            exits),
        System.nanoTime());
  }

  private void slice(boolean ready, boolean terminating) {
    terminations.slice(
        new SliceFacts(
            "shop",
            "web-x",
            "web",
            Set.of(port),
            Map.of(POD.uid(), new EndpointFacts(ready, terminating))),
        System.nanoTime());
  }

  private final class Follow implements Terminations.Listener {
    @Override
    public void changed(WorkloadRef workload) {}

    @Override
    public void readyToMeet(Target target) {
      try {
        probe.introduce(target);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void started(Target target) {
      probe.follow(target);
    }
  }
}
