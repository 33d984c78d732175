package dev.graceful.probe;

import dev.graceful.observe.Acquaintance;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.Target;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the clients that a terminating pod still has: a few virtual threads a pod, which end with
 * it. What they find goes to {@link Terminations}.
 */
public final class Probe implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  /** With fewer requests the clients would see next to nothing. */
  private static final int FEWEST_REQUESTS = 30;

  private static final int SHARE_IN_FLIGHT = 2;
  private static final int IDLE = 1;

  private final Terminations terminations;
  private final Calls calls;
  private final int mostInFlight;
  private final int mostKnocks;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Does nothing until it is asked.
   *
   * @param version the operator's, for the servers' logs
   * @param requestsPerPod at most so many to one terminating pod, of all clients together
   */
  public Probe(
      Terminations terminations, LongSupplier nanoClock, String version, int requestsPerPod) {
    if (requestsPerPod < FEWEST_REQUESTS) {
      throw new IllegalArgumentException(
          "graceful.probe.requests-per-pod is "
              + requestsPerPod
              + ", and must be "
              + FEWEST_REQUESTS
              + " or more");
    }
    this.terminations = terminations;
    this.calls = new Calls(version, nanoClock);
    this.mostInFlight = requestsPerPod / SHARE_IN_FLIGHT;
    this.mostKnocks = requestsPerPod - mostInFlight - IDLE;
  }

  /** What it has sent so far. */
  public ProbeLoad load() {
    return calls.load();
  }

  /** Learns from a ready pod how its revision can be asked, if it can be reached at all. */
  public void meet(Target target) {
    start(() -> introduce(target));
  }

  /** The same, on the caller's thread. */
  void introduce(Target target) throws InterruptedException {
    Acquaintance acquaintance = new Introduction(target, calls).make();
    if (!acquaintance.reachable()) {
      LOG.atWarn()
          .addKeyValue("namespace", target.pod().namespace())
          .addKeyValue("pod", target.pod().name())
          .addKeyValue("port", target.asking().port())
          .log("Cannot connect to a ready pod: terminations of its revision stay unproven");
    }
    terminations.met(target.revision(), acquaintance);
  }

  /** Plays the clients of a terminating pod until its end. */
  public void follow(Target target) {
    start(() -> new LaggingClient(terminations, target, calls, mostKnocks).run());
    start(() -> KeepAliveClients.play(terminations, target, calls, mostInFlight, threads));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void start(Part part) {
    threads.execute(
        () -> {
          try {
            part.play();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private interface Part {
    void play() throws InterruptedException;
  }
}
