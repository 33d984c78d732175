package dev.graceful.probe;

import dev.graceful.evidence.ConnectOutcome;
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
import org.jspecify.annotations.Nullable;

/**
 * A client that has not yet heard of the pod's leaving: fresh connections, one after the other,
 * never two at a time, and a request on each where that is asked.
 */
final class LaggingClient {

  private final Followed termination;
  private final Calls calls;
  private final ConnectSchedule schedule;

  LaggingClient(Followed termination, Calls calls, int mostConnections) {
    this.termination = termination;
    this.calls = calls;
    this.schedule = new ConnectSchedule(mostConnections);
  }

  /** Connects until the termination is over. */
  void run() throws InterruptedException {
    String path = termination.target().asking().path();
    for (int connectionAttempts = 1; ; connectionAttempts++) {
      long start = calls.now();
      calls.load().counts(ProbeLoad.Client.Lagging);
      ConnectOutcome outcome = connect(path);
      termination.connected(outcome, start, calls.now());
      Progress progress = termination.progress(calls.now());
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
    switch (calls.open(termination.target())) {
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
