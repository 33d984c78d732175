package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.ProbeTarget;
import dev.graceful.evidence.RequestFate;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.HttpConnection;
import dev.graceful.http.HttpConnection.Quiet;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The clients that keep their connections over the moment of SIGTERM: three with requests in
 * flight, and an idle one. They come shortly before it. Once the server shows that it has its
 * SIGTERM, each of them waits for what it has asked, asks once more, and lets go: they do not hold
 * the pod, nor one that shows nothing for long.
 */
final class KeepAliveClients {

  private static final int IDLE = 1;

  /** While they wait for their time: what is known of it may change. */
  private static final Duration GLANCE = Duration.ofMillis(250);

  private static final Duration LOOK = Duration.ofMillis(50);

  /** How exactly to know when a request was cut: to an eighth of what an answer takes, within. */
  private static final int LEAST_LOOK_MILLIS = 2;

  private static final int MOST_LOOK_MILLIS = 10;
  private static final int LOOKS_AN_ANSWER = 8;

  /** After SIGTERM: the idle client alone holds no pod for longer. */
  private static final long ALONE_MILLIS = 250;

  private final Followed termination;
  private final ProbeTarget target;
  private final String path;
  private final Calls calls;
  private final RequestSchedule schedule;
  private final int lookMillis;

  private final AtomicInteger sent = new AtomicInteger();
  private final CountDownLatch clients = new CountDownLatch(RequestSchedule.CLIENTS + IDLE);
  private volatile Moment moment;
  private volatile boolean lettingGo;

  /** When the server first ended a connection, said that it would, or took none; null: not yet. */
  private final AtomicReference<@Nullable Long> showedNanos = new AtomicReference<>();

  private KeepAliveClients(
      Followed termination,
      String path,
      Baseline met,
      Calls calls,
      int mostRequests,
      Moment moment) {
    this.termination = termination;
    this.target = termination.target();
    this.path = path;
    this.calls = calls;
    this.schedule = new RequestSchedule(mostRequests);
    this.lookMillis =
        Math.clamp(met.usualMillis() / LOOKS_AN_ANSWER, LEAST_LOOK_MILLIS, MOST_LOOK_MILLIS);
    this.moment = moment;
  }

  /**
   * Plays them once SIGTERM is near, as long as it is known when that comes; returns when they have
   * let go.
   *
   * @param mostRequests of those with requests in flight, together; the idle one sends one more
   */
  static void play(
      Followed termination,
      String path,
      Baseline met,
      Calls calls,
      int mostRequests,
      Executor threads)
      throws InterruptedException {
    Moment moment = Moment.of(termination, calls.now());
    while (moment != null) {
      long now = calls.now();
      long wait = moment.nanos(RequestSchedule.start(moment.sigterm())) - now;
      if (moment.nanos(moment.sigterm().latestMillis()) - now < 0) {
        // Too late: it has its SIGTERM.
        termination.requested(now, now, now, RequestFate.NotConnected);
        return;
      }
      if (wait <= 0) {
        new KeepAliveClients(termination, path, met, calls, mostRequests, moment).play(threads);
        return;
      }
      Thread.sleep(Duration.ofNanos(Math.min(wait, GLANCE.toNanos())));
      moment = Moment.of(termination, calls.now());
    }
  }

  private void play(Executor threads) throws InterruptedException {
    for (int i = 0; i < RequestSchedule.CLIENTS; i++) {
      int place = i;
      threads.execute(() -> client(() -> requestsInFlight(place)));
    }
    threads.execute(() -> client(this::idle));
    while (!clients.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      Moment now = Moment.of(termination, calls.now());
      if (now == null) {
        lettingGo = true;
      } else {
        moment = now;
        if (now.refuses()) {
          shows(calls.now());
        }
      }
    }
  }

  private void client(Runnable part) {
    try {
      part.run();
    } finally {
      clients.countDown();
    }
  }

  /**
   * One request after the other on one connection.
   *
   * @param place of this client among its like: they do not send at the same time
   */
  private void requestsInFlight(int place) {
    if (!(calls.open(target) instanceof Open it)) {
      long now = calls.now();
      requested(now, now, now, RequestFate.NotConnected);
      return;
    }
    try (HttpConnection connection = it.connection()) {
      long quietNanos = calls.now();
      long next = quietNanos + place * (nextNanos() - quietNanos) / RequestSchedule.CLIENTS;
      while (true) {
        if (connection.stayQuiet(patience(next)) == Quiet.Closed) {
          long closed = calls.now();
          requested(quietNanos, quietNanos, closed, RequestFate.ClosedIdle);
          shows(closed);
          return;
        }
        if (isOver()) {
          return;
        }
        if (sent.incrementAndGet() > schedule.most()) {
          // Nothing is asked any more, but its end can still be seen.
          next = whenever();
          continue;
        }
        calls.load().counts(ProbeLoad.Client.InFlight);
        next = nextNanos();
        if (!exchange(connection)) {
          return;
        }
        quietNanos = calls.now();
      }
    }
  }

  /** Whether another request can follow. */
  private boolean exchange(HttpConnection connection) {
    switch (connection.get(path, false, patienceForAnswer())) {
      case Answer answer -> {
        requested(
            answer.sentNanos(),
            answer.outNanos(),
            answer.endedNanos(),
            RequestFate.answered(Calls.worth(target, answer.status()), answer.closing()));
        if (answer.closing()) {
          shows(answer.endedNanos());
        }
        Long showed = showedNanos.get();
        return answer.reusable() && (showed == null || answer.sentNanos() - showed < 0);
      }
      case Ended ended -> {
        requested(
            ended.sentNanos(),
            ended.outNanos(),
            ended.heardNanos(),
            ended.end() == End.Reset ? RequestFate.Reset : RequestFate.Cut);
        shows(ended.heardNanos());
        return false;
      }
      case NoAnswer none -> {
        long now = calls.now();
        requested(none.sentNanos(), now, now, RequestFate.LetGo);
        return false;
      }
      case NotHttp odd -> {
        return false;
      }
    }
  }

  /** One request, and then the wait for the server's end of the connection. */
  private void idle() {
    if (!(calls.open(target) instanceof Open it)) {
      return;
    }
    try (HttpConnection connection = it.connection()) {
      calls.load().counts(ProbeLoad.Client.Idle);
      if (connection.get(path, false, patience(whenever())) instanceof Answer answer) {
        Quiet quiet =
            connection.stayQuiet(
                new Patience(whenever(), () -> isOver() || isAloneForLong(), lookMillis));
        long now = calls.now();
        if (quiet == Quiet.Kept) {
          termination.idled(answer.endedNanos(), null, answer.closing());
        } else if (isSigtermPossible(now)) {
          termination.idled(answer.endedNanos(), now, answer.closing());
          shows(now);
        }
        // One that ended earlier was idle for too long for this server at any time.
      }
    }
  }

  /** Whoever has asked before it is time to let go waits for the answer, as long as that takes. */
  private Patience patienceForAnswer() {
    long due = calls.answerDue(target);
    return new Patience(
        due, () -> lettingGo || (isOver() && calls.now() - latest(due) > 0), lookMillis);
  }

  /** Not as long as to be in the way when the grace period ends. */
  private long latest(long dueNanos) {
    Moment now = moment;
    long inTheWay = now.nanos(RequestSchedule.latest(now.graceMillis()));
    return dueNanos - inTheWay < 0 ? dueNanos : inTheWay;
  }

  private Patience patience(long untilNanos) {
    return new Patience(untilNanos, this::isOver, lookMillis);
  }

  /** What is waited for so long is over before. */
  private long whenever() {
    return calls.now() + TimeUnit.HOURS.toNanos(1);
  }

  private boolean isOver() {
    Moment now = moment;
    return lettingGo || calls.now() - now.nanos(RequestSchedule.end(now.sigterm())) > 0;
  }

  private boolean isSigtermPossible(long nanos) {
    Moment now = moment;
    return nanos - now.nanos(now.sigterm().earliestMillis()) > 0;
  }

  /** What a server does before it can have its SIGTERM, it does every day. */
  private void shows(long nanos) {
    if (isSigtermPossible(nanos)) {
      showedNanos.compareAndSet(null, nanos);
    }
  }

  /** Whether the other clients have gone, and a server that ends idle connections has done so. */
  private boolean isAloneForLong() {
    Moment now = moment;
    Long showed = showedNanos.get();
    long sigterm = showed == null ? now.nanos(now.sigterm().latestMillis()) : showed;
    return clients.getCount() <= IDLE
        && calls.now() - sigterm > TimeUnit.MILLISECONDS.toNanos(ALONE_MILLIS);
  }

  private long nextNanos() {
    Moment now = moment;
    return now.nanos(
        schedule.nextMillis(now.sigterm(), now.hookMillis(), now.millis(calls.now()), sent.get()));
  }

  private void requested(long sentNanos, long outNanos, long endedNanos, RequestFate fate) {
    termination.requested(sentNanos, outNanos, endedNanos, fate);
  }
}
