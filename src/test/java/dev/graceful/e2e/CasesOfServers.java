package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.FEW;
import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.OWN;
import static dev.graceful.e2e.Apps.SHORT_GRACE;
import static dev.graceful.e2e.Apps.SLEEP;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.nginx;
import static dev.graceful.e2e.Apps.server;
import static dev.graceful.e2e.Apps.tls;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.CUT;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.ERROR;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.KILLED;

import java.util.List;

/** Servers that are not Node's, and TLS. */
final class CasesOfServers {

  private CasesOfServers() {}

  static List<Case> all() {
    return List.of(
        // TLS.
        Case.of("tls-textbook", tls("textbook"), NEW, EARLY)
            .overTls()
            .at(NEW_ONLY)
            .alike("tls-wait-close"),
        Case.of("tls-wait-close", tls("waitclose"), BOTH, GRACEFUL).overTls(),
        Case.of("tls-exit-protected", tls("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .overTls()
            .under(PROTECTED.verifying(SLOW)),

        // Other servers than Node.
        Case.of("go-wait", server("go", "wait"), BOTH, GRACEFUL).asking("/query"),
        Case.of("go-wait-slow-path", server("go", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("go-wait"),
        Case.of("go-shutdown", server("go", "shutdown"), NEW, EARLY)
            .asking("/query")
            .alike("textbook"),
        Case.of(
                "go-shutdown-protected",
                server("go", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("go-nothing-protected", server("go", "nothing"), BOTH, CUT, ERROR)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("java-wait", server("java", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("go-wait"),
        // The JDK's server knows of a request only once a thread works on it: on a busy node it
        // closes the connections of those that wait for one.
        Case.of(
                "java-shutdown-protected",
                server("java", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED,
                CUT)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("java-nothing-protected", server("java", "nothing"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query")
            .alike("exit-slow-path-protected"),
        Case.of("python-wait", server("python", "wait"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("go-wait"),
        Case.of("python-shutdown", server("python", "shutdown"), NEW, EARLY)
            .asking("/query")
            .alike("textbook"),
        Case.of(
                "python-shutdown-protected",
                server("python", "shutdown"),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // Linux ignores a signal that the first process of a container has no handler for, unless
        // its main thread has it blocked, as while it makes another: then it ends at once.
        Case.of(
                "python-nothing",
                server("python", "nothing").andInPodSpec(SHORT_GRACE),
                BOTH,
                KILLED,
                EARLY)
            .asking("/query"),
        Case.of("uvicorn", server("uvicorn", OWN), NEW, EARLY).asking("/query").alike("textbook"),
        Case.of("uvicorn-protected", server("uvicorn", OWN), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // Its listener stays open and nobody listens: what is taken by the kernel is reset later.
        Case.of("gunicorn", server("gunicorn", OWN), NEW, EARLY, CUT).asking("/query"),
        Case.of("gunicorn-protected", server("gunicorn", OWN), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        // What its timers find due as the signal comes is answered first: that may be all it has.
        Case.of("nginx-fast-protected", nginx(1), BOTH, CUT, CONNECTIONS_SERVED, GRACEFUL)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("nginx-quit", nginx(2), NEW, EARLY).asking("/query").alike("textbook"),
        Case.of("nginx-quit-protected", nginx(2), NEW, GRACEFUL, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"),
        Case.of("go-nothing", server("go", "nothing"), NEW, EARLY, CUT)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("exit-slow-path"),
        Case.of(
                "uvicorn-sleep",
                server("uvicorn", OWN).andInContainer(SLEEP),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .asking("/query")
            .alike("uvicorn-protected"),
        // One worker that serves one at a time, and closes each connection. Its backlog is reset.
        Case.of("single-worker", server("gunicorn-sync", OWN), NEW, EARLY, CUT)
            .at(FEW)
            .asking("/query"),
        // Long before SIGTERM the last client has had its answer: no connection is kept.
        Case.of(
                "single-worker-protected",
                server("gunicorn-sync", OWN),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .at(FEW)
            .asking("/query"));
  }
}
