package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Patience;
import dev.graceful.http.Reply;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The first calls at a ready pod of a revision: few, so that they cost it nothing. */
final class BaselineMeasurement {

  /** Of connections, and so of requests, as none carries more than one. */
  static final int MOST_CALLS = 3;

  static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  /** It keeps no client waiting, and slow paths prove the most. */
  private static final Duration ANSWERING = Duration.ofSeconds(10);

  private final ProbeTarget target;
  private final Calls calls;

  BaselineMeasurement(ProbeTarget target, Calls calls) {
    this.target = target;
    this.calls = calls;
  }

  /** Connects until a connection is accepted, and then requests the path if there is one. */
  Baseline make() throws InterruptedException {
    for (int call = 1; ; call++) {
      calls.load().counts(ProbeLoad.Client.Baseline);
      switch (calls.open(target)) {
        case Open it -> {
          try (HttpConnection connection = it.connection()) {
            return asked(connection, call < MOST_CALLS);
          }
        }
        case NotOpen it -> {
          if (call == MOST_CALLS) {
            return Baseline.UNREACHABLE;
          }
          Thread.sleep(BETWEEN_TRIES);
        }
      }
    }
  }

  private Baseline asked(HttpConnection first, boolean another) {
    String path = target.asking().path();
    Answer answer = path == null ? null : ask(first, path);
    if (path == null || answer == null || !isUseful(answer)) {
      int status = answer == null ? 0 : answer.status();
      return new Baseline(true, false, Keeping.Unknown, 0, status, null);
    }
    Answer meanwhile = another && answer.reusable() ? askMeanwhile(path) : null;
    long usualNanos = tookNanos(answer);
    int usualStatus = answer.status();
    String proxy = answer.proxy();
    if (meanwhile != null) {
      usualNanos = Math.max(usualNanos, tookNanos(meanwhile));
      usualStatus = Math.max(usualStatus, meanwhile.status());
      proxy = proxy == null ? meanwhile.proxy() : proxy;
    }
    return new Baseline(
        true,
        true,
        keeping(answer, meanwhile != null && meanwhile.reusable()),
        // Rounded up: 0 stands for no answer.
        TimeUnit.NANOSECONDS.toMillis(usualNanos) + 1,
        usualStatus,
        proxy);
  }

  private static Keeping keeping(Answer first, boolean another) {
    if (!first.whole()) {
      return Keeping.LongResponses;
    }
    if (!first.reusable()) {
      return Keeping.Closed;
    }
    return another ? Keeping.Kept : Keeping.OneAtATime;
  }

  /** On a second connection, while the first one stands open; null: that was of no use. */
  private @Nullable Answer askMeanwhile(String path) {
    calls.load().counts(ProbeLoad.Client.Baseline);
    if (!(calls.open(target) instanceof Open it)) {
      return null;
    }
    try (HttpConnection second = it.connection()) {
      Answer answer = ask(second, path);
      return answer != null && isUseful(answer) ? answer : null;
    }
  }

  private static long tookNanos(Answer answer) {
    return answer.endedNanos() - answer.sentNanos();
  }

  private @Nullable Answer ask(HttpConnection connection, String path) {
    Reply reply = connection.get(path, false, Patience.until(calls.now() + ANSWERING.toNanos()));
    return switch (reply) {
      case Answer it -> it;
      case Ended it -> null;
      case NoAnswer it -> null;
      case NotHttp it -> null;
    };
  }

  /** Whether it is one that clients can do with, or that the kubelet takes for ready. */
  private boolean isUseful(Answer answer) {
    return answer.status() < (target.asking().readinessPath() ? 400 : 500);
  }
}
