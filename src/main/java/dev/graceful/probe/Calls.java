package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Worth;
import dev.graceful.evidence.PodPort;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.http.Attempt;
import dev.graceful.http.Caller;
import dev.graceful.http.HeaderLine;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How all clients of the probe call a pod: under one name, by one clock, with one patience. */
final class Calls {

  /** A Service's backend that does not answer for so long is none. */
  private static final Duration CONNECTING = Duration.ofSeconds(1);

  /**
   * For an answer, beyond what it usually takes. A server that has become slower than that is slow:
   * its clients are answered in the end.
   */
  private static final Duration ANSWERING = Duration.ofSeconds(5);

  /** An answer that takes so much longer than it usually does is late. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Caller caller;
  private final ProbeLoad load = new ProbeLoad();

  /**
   * Opens nothing.
   *
   * @param version the operator's, for the servers' logs
   */
  Calls(String version, LongSupplier nanoClock) {
    this.caller = new Caller("graceful-operator/" + version, nanoClock);
  }

  long now() {
    return caller.nanoClock().getAsLong();
  }

  /** What was sent so far. */
  ProbeLoad load() {
    return load;
  }

  /** Connects to the pod as it is to be asked. */
  Attempt open(ProbeTarget target) {
    ProbePlan asking = target.asking();
    List<HeaderLine> headers =
        asking.headers().all().stream().map(h -> new HeaderLine(h.name(), h.value())).toList();
    return HttpConnection.open(
        new Server(target.address(), asking.port(), asking.tls(), headers), CONNECTING, caller);
  }

  /** Connects to another port of a pod, where nothing is sent. */
  Attempt open(PodPort port) {
    return HttpConnection.open(
        new Server(port.address(), port.number(), false), CONNECTING, caller);
  }

  /** When an answer to a request of now should have come. */
  long answerDue(ProbeTarget target) {
    return now() + ANSWERING.toNanos() + usualNanos(target);
  }

  /** Whether a response that was waited for so long should have come by then. */
  static boolean isLate(ProbeTarget target, long waitedNanos) {
    return waitedNanos > usualNanos(target) + LATE.toNanos();
  }

  private static long usualNanos(ProbeTarget target) {
    Baseline met = target.met();
    return TimeUnit.MILLISECONDS.toNanos(met == null ? 0 : met.usualMillis());
  }

  /** What the status of a response means to a client of the target. */
  static Worth worth(ProbeTarget target, int status) {
    Baseline met = target.met();
    return (met == null ? Baseline.UNREACHABLE : met).worth(status);
  }
}
