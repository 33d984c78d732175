package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Course;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.PodPort;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.Tick;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the clients that a terminating pod still has: a few virtual threads a pod, which end with
 * it. They report {@link Event}s.
 */
public final class Probe implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  /** With fewer requests the clients would see next to nothing. */
  private static final int FEWEST_REQUESTS = 30;

  private static final int SHARE_IN_FLIGHT = 2;
  private static final int IDLE = 1;

  private final Consumer<Event> evidence;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();
  private final Calls calls;
  private final int requestsPerPod;
  private final int mostInFlight;
  private final int mostConnections;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Does nothing until it is asked.
   *
   * @param evidence takes what was found; it may wait
   * @param version the operator's, for the servers' logs
   * @param requestsPerPod at most so many to one terminating pod, of all clients together
   */
  public Probe(
      Consumer<Event> evidence, LongSupplier nanoClock, String version, int requestsPerPod) {
    if (requestsPerPod < FEWEST_REQUESTS) {
      throw new IllegalArgumentException(
          "graceful.probe.requests-per-pod is "
              + requestsPerPod
              + ", and must be "
              + FEWEST_REQUESTS
              + " or more");
    }
    this.evidence = evidence;
    this.calls = new Calls(version, nanoClock);
    this.requestsPerPod = requestsPerPod;
    this.mostInFlight = requestsPerPod / SHARE_IN_FLIGHT;
    this.mostConnections = requestsPerPod - mostInFlight - IDLE;
  }

  /** What it has sent so far. */
  public ProbeLoad load() {
    return calls.load();
  }

  /** Learns from a ready pod how its revision can be asked, if it can be reached at all. */
  public void meet(ProbeTarget target) {
    start(() -> introduce(target));
  }

  /** The same, on the caller's thread. */
  void introduce(ProbeTarget target) throws InterruptedException {
    Baseline acquaintance = new BaselineMeasurement(target, calls).make();
    if (!acquaintance.reachable()) {
      LOG.atWarn()
          .addKeyValue("namespace", target.pod().namespace())
          .addKeyValue("pod", target.pod().name())
          .addKeyValue("port", target.asking().port())
          .log("Cannot connect to a ready pod: terminations of its revision stay unproven");
    }
    evidence.accept(
        new Event.BaselineMeasured(
            new Tick(calls.now()), target.revision(), target.asking(), acquaintance));
  }

  /** Learns which of the other ports of a ready pod accept connections. */
  public void tryPorts(ProbeTarget target) {
    start(() -> introducePorts(target));
  }

  /** The same, on the caller's thread. */
  void introducePorts(ProbeTarget target) throws InterruptedException {
    new PortTrial(target, calls)
        .make(
            ports ->
                evidence.accept(
                    new Event.PortsReached(new Tick(calls.now()), target.revision(), ports)));
  }

  /** Plays the clients of a terminating pod until it is left alone. */
  public void follow(ProbeTarget target, Course course) {
    var termination = new Followed(target, course, evidence);
    followed.put(target.pod().uid(), termination);
    // All ports together cost no more than one alone. Where nothing is requested, there is more.
    int together = target.asking().http() ? mostConnections : requestsPerPod;
    int each = Math.min(mostConnections, together / (1 + target.others().size()));
    start(() -> LaggingClient.ofAsked(termination, calls, each).run());
    for (PodPort port : target.others()) {
      start(() -> LaggingClient.of(port, termination, calls, each).run());
    }
    start(() -> ClientsInFlight.play(termination, calls, mostInFlight, threads));
  }

  /** A termination has come further. */
  public void advance(String podUid, Course course) {
    Followed termination = followed.get(podUid);
    if (termination != null) {
      termination.advance(course);
    }
  }

  /** Leaves a pod alone: its termination is over. */
  public void leave(String podUid) {
    Followed termination = followed.remove(podUid);
    if (termination != null) {
      termination.end();
    }
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
