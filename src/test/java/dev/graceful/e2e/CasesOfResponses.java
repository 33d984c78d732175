package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.LARGE;
import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.SHORT_DRAIN;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.TWO_SECONDS;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.execSleep;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.CUT;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.FAILED;
import static dev.graceful.e2e.Expected.GRACEFUL;

import java.util.List;

/** Responses that get worse, that are long, or that come late. */
final class CasesOfResponses {

  private CasesOfResponses() {}

  static List<Case> all() {
    return List.of(
        // Whatever keeps the operator from having a request in hand at SIGTERM, that nothing was
        // dropped is not shown then; and an answer that gets worse is no good answer. Each loses
        // requests of its clients. How much of that is seen is another matter: what is cut at a
        // moment that was not known may have had no witness.
        Case.of("exec-sleep-exit", execSleep("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW)),
        Case.of(
                "short-drain-exit",
                app("exit").andInPodSpec("terminationGracePeriodSeconds: 9"),
                BOTH,
                CUT,
                CONNECTIONS_SERVED)
            .under(SHORT_DRAIN.verifying(SLOW)),
        Case.of("large-answers-exit", app("exit"), BOTH, CUT, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(LARGE))
            .asking("/large"),
        Case.of("not-found-while-draining", app("notfound"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("not-found-while-draining-readiness", app("notfound"), BOTH, FAILED)
            .asking("/query"),
        Case.of("large-answers", app("waitclose"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .under(WATCHED.verifying(LARGE))
            .asking("/large")
            .alike("large-answers-exit"),
        Case.of("unavailable-while-draining", app("unavailable"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("not-found-while-draining"),
        // A readiness path may say so; what becomes of others is not known by it.
        Case.of("unavailable-while-draining-readiness", app("unavailable"), NEW, CONNECTIONS_SERVED)
            .asking("/query")
            .alike("ready-503"),
        // After SIGTERM nobody comes but who kept a connection: what became of those hangs on
        // whether the probe met one of them.
        Case.of("unavailable-protected", app("unavailable"), NEW, FAILED, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query")
            .alike("pool-early-protected"),
        Case.of("not-found-protected", app("notfound"), NEW, FAILED, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query")
            .alike("pool-early-protected"),
        Case.of("unavailable-after-window", app("unavailablelater"), NEW, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .at(NEW_ONLY)
            .asking("/query")
            .alike("not-found-while-draining"),
        // How many of its kept connections the probe met decides whether there were two failures.
        Case.of(
                "kept-connections-unavailable",
                app("keptunavailable"),
                BOTH,
                FAILED,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("not-found-while-draining"),
        Case.of("two-seconds", app("waitclose"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(TWO_SECONDS))
            .asking("/two-seconds")
            .alike("wait-close"),
        Case.of("two-seconds-exit", app("exit"), BOTH, CUT)
            .under(WATCHED.verifying(TWO_SECONDS))
            .asking("/two-seconds")
            .alike("exit-slow-path"),
        Case.of("two-seconds-exit-protected", app("exit"), BOTH, CUT)
            .under(PROTECTED.verifying(TWO_SECONDS))
            .asking("/two-seconds")
            .alike("exit-slow-path-protected"),
        Case.of("slows-down", app("slows"), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("wait-close"),
        // Whether its requests are taken for lost or its port for closed is a matter of order.
        Case.of("served-by-none", app("mute"), NEW, EARLY, CUT, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("textbook"),
        Case.of("closes-each", app("closeseach"), BOTH, GRACEFUL, CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .alike("wait-close"),
        Case.of("closes-each-exit", app("closeseachexit"), BOTH, EARLY, CUT)
            .under(WATCHED.verifying(SLOW))
            .alike("exit-slow-path"),
        // Long before SIGTERM the last client has had its answer: no connection is kept.
        Case.of("closes-each-exit-protected", app("closeseachexit"), BOTH, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query")
            .alike("exit-slow-path-protected"));
  }
}
