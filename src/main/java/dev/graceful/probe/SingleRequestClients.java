package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.evidence.Course;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.RequestFate;
import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Obstacle;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.Patience;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.End;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that open a connection for each request, so that there is one in flight when SIGTERM
 * comes: to a server that keeps no connections, and to any where it is not known when that is. They
 * come around SIGTERM or, where that is not known, all the time but seldom. Once a connection is
 * refused, each of them waits for what it has asked, and they let go.
 */
final class SingleRequestClients {

  /** So that one is in flight while the other one connects. */
  private static final int CLIENTS = 2;

  /** Of servers that may do one thing at a time, so much less is asked. */
  private static final int LESS = 2;

  private static final Duration GLANCE = Duration.ofMillis(250);

  /** How exactly to know when a request was cut. */
  private static final int LOOK_MILLIS = 5;

  private final Followed termination;
  private final ProbeTarget target;
  private final String path;
  private final Calls calls;
  private final SingleRequestSchedule schedule;
  private final AtomicInteger sent = new AtomicInteger();

  /** Whether the server has refused a connection, or talks in an odd way. */
  private volatile boolean done;

  private SingleRequestClients(
      Followed termination, String path, Baseline met, Calls calls, int mostRequests) {
    this.termination = termination;
    this.target = termination.target();
    this.path = path;
    this.calls = calls;
    this.schedule =
        new SingleRequestSchedule(
            met.keeping() == Keeping.OneAtATime ? 1 : CLIENTS,
            met.keeping() == Keeping.Kept ? mostRequests : mostRequests / LESS);
  }

  /**
   * Plays them; returns when they have let go.
   *
   * @param mostRequests of all of them together
   */
  static void play(
      Followed termination,
      String path,
      Baseline met,
      Calls calls,
      int mostRequests,
      Executor threads)
      throws InterruptedException {
    new SingleRequestClients(termination, path, met, calls, mostRequests).play(threads);
  }

  private void play(Executor threads) throws InterruptedException {
    var playing = new CountDownLatch(schedule.clients());
    for (int i = 0; i < schedule.clients(); i++) {
      int place = i;
      threads.execute(
          () -> {
            try {
              client(place);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              playing.countDown();
            }
          });
    }
    playing.await();
  }

  /**
   * One request after the other, each on a connection of its own.
   *
   * @param place of this client among its like: they do not send at the same time
   */
  private void client(int place) throws InterruptedException {
    if (!await(schedule::startMillis)) {
      return;
    }
    long next = Long.MIN_VALUE;
    while (true) {
      long due = next;
      Course course = await(it -> due) ? termination.course() : null;
      if (course == null || millis(course) > schedule.endMillis(course)) {
        return;
      }
      long now = millis(course);
      long after = schedule.nextMillis(course, now, sent.get());
      if (next == Long.MIN_VALUE && place > 0) {
        next = now + place * (after - now) / schedule.clients();
        continue;
      }
      if (sent.incrementAndGet() > schedule.most()) {
        return;
      }
      next = after;
      request();
    }
  }

  private interface When {
    /** In milliseconds since the deletion was seen. */
    long millis(Course course);
  }

  /** Waits until then, as is known at the time; false: there is nothing to wait for any more. */
  private boolean await(When when) throws InterruptedException {
    while (true) {
      Course course = termination.course();
      if (course == null || done) {
        return false;
      }
      long now = millis(course);
      long until = when.millis(course);
      if (until <= now) {
        return true;
      }
      Thread.sleep(Math.min(until - now, GLANCE.toMillis()));
    }
  }

  private void request() {
    calls.load().counts(ProbeLoad.Client.InFlight);
    switch (calls.open(target)) {
      case NotOpen it -> notOpen(it.obstacle());
      case Open it -> {
        try (HttpConnection connection = it.connection()) {
          request(connection);
        }
      }
    }
  }

  private void notOpen(Obstacle obstacle) {
    if (obstacle == Obstacle.Refused || obstacle == Obstacle.Reset) {
      long now = calls.now();
      termination.requested(now, now, now, RequestFate.NotConnected);
      done = true;
    }
  }

  private void request(HttpConnection connection) {
    switch (connection.get(path, true, patience())) {
      case Answer answer ->
          termination.requested(
              answer.sentNanos(),
              answer.outNanos(),
              answer.endedNanos(),
              // That the connection ends is what was asked for.
              RequestFate.answered(Calls.worth(target, answer.status()), false));
      case Ended ended ->
          termination.requested(
              ended.sentNanos(),
              ended.outNanos(),
              ended.heardNanos(),
              ended.end() == End.Reset ? RequestFate.Reset : RequestFate.Cut);
      case NoAnswer none -> {
        long now = calls.now();
        termination.requested(none.sentNanos(), now, now, RequestFate.LetGo);
      }
      case NotHttp odd -> done = true;
    }
  }

  /** Whoever has asked waits for the answer, but not as long as to be in the way at the end. */
  private Patience patience() {
    return new Patience(
        calls.answerDue(target),
        () -> {
          Course course = termination.course();
          return course == null || millis(course) > schedule.latestMillis(course);
        },
        LOOK_MILLIS);
  }

  private long millis(Course course) {
    return TimeUnit.NANOSECONDS.toMillis(calls.now() - course.deletedAt().nanos());
  }
}
