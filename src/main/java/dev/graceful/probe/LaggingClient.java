package dev.graceful.probe;

import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Patience;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import dev.graceful.observe.Knock;
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
  private final KnockSchedule schedule;

  LaggingClient(Followed termination, Calls calls, int mostKnocks) {
    this.termination = termination;
    this.calls = calls;
    this.schedule = new KnockSchedule(mostKnocks);
  }

  /** Knocks until the termination is over. */
  void run() throws InterruptedException {
    String path = termination.target().asking().path();
    for (int knocks = 1; ; knocks++) {
      long start = calls.now();
      calls.load().counts(ProbeLoad.Client.Lagging);
      Knock.Outcome outcome = knock(path);
      termination.knocked(outcome, start, calls.now());
      Progress progress = termination.progress(calls.now());
      if (progress == null) {
        return;
      }
      OptionalLong wait = schedule.waitMillis(progress, knocks);
      if (wait.isEmpty()) {
        return;
      }
      if (progress.connectOnly()) {
        path = null;
      }
      Thread.sleep(Duration.ofMillis(wait.getAsLong()));
    }
  }

  private Knock.Outcome knock(@Nullable String path) {
    switch (calls.open(termination.target())) {
      case NotOpen it -> {
        return switch (it.obstacle()) {
          case Refused -> Knock.Outcome.Refused;
          case Reset -> Knock.Outcome.Reset;
          case TimedOut -> Knock.Outcome.TimedOut;
          case Unreachable -> Knock.Outcome.Unreachable;
        };
      }
      case Open it -> {
        try (HttpConnection connection = it.connection()) {
          if (path == null) {
            return Knock.Outcome.Accepted;
          }
          return switch (connection.get(
              path, true, Patience.until(calls.answerDue(termination.target())))) {
            case Answer answer -> answered(answer.status());
            case Ended ended -> Knock.Outcome.Reset;
            case NoAnswer none -> Knock.Outcome.TimedOut;
            // It spoke HTTP when it was met: this is somebody else, or an odd failure.
            case NotHttp odd -> Knock.Outcome.Unreachable;
          };
        }
      }
    }
  }

  private Knock.Outcome answered(int status) {
    return switch (Calls.worth(termination.target(), status)) {
      case Usual -> Knock.Outcome.Answered;
      case ClientError -> Knock.Outcome.ClientError;
      case ServerError -> Knock.Outcome.ServerError;
    };
  }
}
