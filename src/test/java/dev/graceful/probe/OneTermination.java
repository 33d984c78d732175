package dev.graceful.probe;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.Effect;
import dev.graceful.evidence.Entry;
import dev.graceful.evidence.Event;
import dev.graceful.evidence.Observatory;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeRules;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ContainerFacts.HttpReadiness;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.SliceFacts.EndpointFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
  private static final long WAITED_MILLIS = 3_000;

  private final Observatory observatory = new Observatory(10, LOOPBACK::equals);
  private final Probe probe = new Probe(this::step, System::nanoTime, "test", REQUESTS);
  private final AtomicInteger refusedInARow = new AtomicInteger();
  private final int port;
  private final Set<Integer> ports;
  private final long graceSeconds;
  private final ContainerFacts container;
  private boolean taken;

  /**
   * A pod that is asked what its readiness probe asks.
   *
   * @param path of the readiness probe; null: it has none, and nothing is requested
   * @param others ports that its slice has too
   */
  OneTermination(
      int port,
      boolean tls,
      @Nullable String path,
      int propagationSeconds,
      int sleepSeconds,
      long graceSeconds,
      Integer... others) {
    this(
        port,
        new ContainerFacts(
            "app",
            sleepSeconds > 0,
            sleepSeconds,
            path != null,
            path == null ? null : new HttpReadiness(path, port, tls),
            Set.of(),
            Map.of()),
        new ProbePlan.VerifySpec(path == null ? VerifyMode.Connect : null, null, null, List.of()),
        propagationSeconds,
        graceSeconds,
        others);
  }

  /** A pod of this one container. */
  OneTermination(
      int port,
      ContainerFacts container,
      ProbePlan.VerifySpec verify,
      int propagationSeconds,
      long graceSeconds,
      Integer... others) {
    this.port = port;
    this.ports = Stream.concat(Stream.of(port), Stream.of(others)).collect(toUnmodifiableSet());
    this.graceSeconds = graceSeconds;
    this.container = container;
    step(new Event.Governed(now(), WEB, new ProbeRules(propagationSeconds, verify)));
    step(
        new Event.RevisionSeen(
            now(),
            new RevisionFacts("shop", "web-a", "rs-1", WEB, 1, 1, "t-1", List.of(container))));
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
    // Nothing more comes of its hook.
    step(new Event.Passed(now().plusMillis(WAITED_MILLIS)));
    synchronized (observatory) {
      return Interpreter.timeline(
          observatory.workload(WEB).histories().getFirst().concluded().getFirst());
    }
  }

  /** How many of the latest connections to the port that is asked were refused. */
  int refusedInARow() {
    return refusedInARow.get();
  }

  /** How many connections the probe has made so far, and how many requests on kept ones. */
  long sent() {
    return Stream.of(ProbeLoad.Client.values()).mapToLong(probe.load()::sent).sum();
  }

  @Override
  public void close() {
    probe.close();
  }

  private void pod(@Nullable Long grace, Map<String, Exit> exits) {
    step(
        new Event.PodSeen(
            now(),
            new PodFacts(
                POD,
                "rs-1",
                LOOPBACK,
                grace == null,
                0,
                grace,
                taken,
                null,
                null,
                null,
                false,
                List.of(container),
                exits)));
  }

  private void slice(boolean ready, boolean terminating) {
    step(
        new Event.SliceSeen(
            now(),
            new SliceFacts(
                "shop",
                "web-x",
                "web",
                false,
                ports,
                Set.of(),
                Map.of(POD.uid(), new EndpointFacts(ready, terminating)))));
  }

  private static Tick now() {
    return new Tick(System.nanoTime());
  }

  /** As the operator's one thread does it, here for whoever calls. */
  private void step(Event event) {
    List<Effect> effects;
    synchronized (observatory) {
      effects = observatory.step(event);
    }
    if (event instanceof Event.Attempted it
        && it.attempt() instanceof Entry.Connected attempt
        && attempt.port() == port) {
      boolean refused =
          attempt.outcome() == ConnectOutcome.Refused || attempt.outcome() == ConnectOutcome.Reset;
      refusedInARow.updateAndGet(count -> refused ? count + 1 : 0);
    }
    effects.forEach(this::run);
  }

  private void run(Effect effect) {
    switch (effect) {
      case Effect.MeasureBaseline e -> {
        try {
          probe.introduce(e.target());
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      case Effect.TryPorts e -> {
        try {
          probe.introducePorts(e.target());
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      case Effect.StartProbe e -> probe.follow(e.target(), e.course());
      case Effect.ProbeAdvanced e -> probe.advance(e.podUid(), e.course());
      case Effect.StopProbe e -> probe.leave(e.podUid());
      case Effect.Reconsider e -> {}
    }
  }
}
