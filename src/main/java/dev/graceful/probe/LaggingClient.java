package dev.graceful.probe;

import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.PodPort;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.http.Attempt;
import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Patience;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that has not yet heard of the pod's leaving: fresh connections to one port, one after
 * the other, never two at a time, and a request on each where that is asked.
 */
final class LaggingClient {

  private final Followed termination;
  private final Calls calls;
  private final ConnectSchedule schedule;
  private final int port;
  private final Supplier<Attempt> opening;

  private LaggingClient(
      Followed termination, Calls calls, int mostConnections, int port, Supplier<Attempt> opening) {
    this.termination = termination;
    this.calls = calls;
    this.schedule = new ConnectSchedule(mostConnections);
    this.port = port;
    this.opening = opening;
  }

  /** Of the port that requests go to, if any do. */
  static LaggingClient ofAsked(Followed termination, Calls calls, int mostConnections) {
    ProbeTarget target = termination.target();
    return new LaggingClient(
        termination, calls, mostConnections, target.asking().port(), () -> calls.open(target));
  }

  /** Of another port. */
  static LaggingClient of(PodPort port, Followed termination, Calls calls, int mostConnections) {
    return new LaggingClient(
        termination, calls, mostConnections, port.number(), () -> calls.open(port));
  }

  /** Connects until the termination is over. */
  void run() throws InterruptedException {
    ProbePlan asking = termination.target().asking();
    String path = asking.port() == port ? asking.path() : null;
    for (int connectionAttempts = 1; ; connectionAttempts++) {
      long start = calls.now();
      calls.load().counts(ProbeLoad.Client.Lagging);
      ConnectOutcome outcome = connect(path);
      termination.connected(port, outcome, start, calls.now());
      Progress progress = termination.progress(port, calls.now());
      if (progress == null) {
        return;
      }
      OptionalLong wait = schedule.waitMillis(progress, connectionAttempts);
      if (wait.isEmpty()) {
        return;
      }
      if (progress.connectOnly()) {
        path = null;
      }
      Thread.sleep(Duration.ofMillis(wait.getAsLong()));
    }
  }

  private ConnectOutcome connect(@Nullable String path) {
    switch (opening.get()) {
      case NotOpen it -> {
        return switch (it.obstacle()) {
          case Refused -> ConnectOutcome.Refused;
          case Reset -> ConnectOutcome.Reset;
          case TimedOut -> ConnectOutcome.TimedOut;
          case Unreachable -> ConnectOutcome.Unreachable;
        };
      }
      case Open it -> {
        try (HttpConnection connection = it.connection()) {
          if (path == null) {
            return ConnectOutcome.Accepted;
          }
          return switch (connection.get(
              path, true, Patience.until(calls.answerDue(termination.target())))) {
            case Answer answer ->
                ConnectOutcome.answered(Calls.worth(termination.target(), answer.status()));
            case Ended ended ->
                Calls.isLate(termination.target(), ended.outNanos() - ended.sentNanos())
                    ? ConnectOutcome.Unanswered
                    : ConnectOutcome.Reset;
            case NoAnswer none -> ConnectOutcome.Unanswered;
            // It spoke HTTP before: another process answers, or it fails in an odd way.
            case NotHttp odd -> ConnectOutcome.Unreachable;
          };
        }
      }
    }
  }
}
