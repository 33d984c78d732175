package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.shortly;
import static dev.graceful.e2e.Apps.withDatabase;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.FAILED;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.KILLED;

import java.util.List;

/** Apps that need a pool of connections for each request. */
final class CasesOfPools {

  private CasesOfPools() {}

  static List<Case> all(Database database) {
    return List.of(
        // The pool.
        Case.of("pool-early", app("poolearly"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("pool-early-database"),
        Case.of("pool-never", shortly("poolnever"), NEW, KILLED).under(WATCHED.verifying(SLOW)),
        Case.of("pool-early-database", withDatabase("poolearly", database), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("pool-never-database", withDatabase("poolnever", database), NEW, KILLED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("pool-never"),
        Case.of("pool-last-database", withDatabase("waitclose", database), BOTH, GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),

        // After SIGTERM nobody comes but who kept a connection: what became of those hangs on
        // whether the probe met one of them.
        Case.of("pool-early-protected", app("poolearly"), NEW, FAILED, CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .asking("/query"));
  }
}
