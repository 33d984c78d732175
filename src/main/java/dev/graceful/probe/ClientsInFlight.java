package dev.graceful.probe;

import dev.graceful.evidence.Baseline;
import dev.graceful.evidence.Baseline.Keeping;
import dev.graceful.evidence.Course;
import java.util.concurrent.Executor;

/** The clients with requests in flight across SIGTERM: which of them a pod can have. */
final class ClientsInFlight {

  private ClientsInFlight() {}

  /**
   * Plays them where there is time for them; returns when they have let go. Connections are kept
   * only where the server keeps them, and only around a SIGTERM whose moment is known: they are not
   * to hold a pod for long.
   *
   * @param mostRequests of all of them together, but for one more of an idle client
   */
  static void play(Followed termination, Calls calls, int mostRequests, Executor threads)
      throws InterruptedException {
    String path = termination.target().asking().path();
    Baseline met = termination.target().met();
    Course course = termination.course();
    if (path == null || met == null || course == null) {
      return;
    }
    if (!course.setting().leavesTimeForClients() || met.keeping() == Keeping.LongResponses) {
      return;
    }
    if (met.keeping() == Keeping.Kept && course.sigterm() != null) {
      KeepAliveClients.play(termination, path, met, calls, mostRequests, threads);
    } else {
      SingleRequestClients.play(termination, path, met, calls, mostRequests, threads);
    }
  }
}
