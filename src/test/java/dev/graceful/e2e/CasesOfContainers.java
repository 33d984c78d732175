package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.SIDECAR;
import static dev.graceful.e2e.Apps.SLEEP;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.asNativeSidecar;
import static dev.graceful.e2e.Apps.behindNginx;
import static dev.graceful.e2e.Apps.behindProxy;
import static dev.graceful.e2e.Apps.beside;
import static dev.graceful.e2e.Apps.needingHelper;
import static dev.graceful.e2e.Apps.relay;
import static dev.graceful.e2e.Apps.shortly;
import static dev.graceful.e2e.Apps.withHelper;
import static dev.graceful.e2e.Apps.withRelay;
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

/** Pods of several containers. */
final class CasesOfContainers {

  private CasesOfContainers() {}

  static List<Case> all(Database database) {
    return List.of(
        // Two containers.
        Case.of("sidecar-leaves-first", app("waitclose").besides(SIDECAR), BOTH, GRACEFUL),
        // It ends with 3 as the app ends with 0.
        Case.of("sidecar-fails", app("waitclose").besides(beside("error", 9090)), BOTH, GRACEFUL),
        Case.of("proxy-leaves-first", behindProxy("nothing", "waitclose"), BOTH, CUT, EARLY)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("proxy-outlives-app", behindProxy("wait", "exit"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        // Who answered, the app or what stands before it, stays open.
        Case.of(
                "proxy-and-app-wait",
                behindProxy("wait", "waitclose"),
                BOTH,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .asking("/query"),

        // Nginx and php-fpm. Who asks nginx alone whether it is ready learns nothing of php-fpm.
        Case.of(
                "nginx-and-php-at-once",
                behindNginx(2, "graceful-e2e-php:1"),
                NEW,
                EARLY,
                FAILED,
                CUT)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of(
                "php-ends-first",
                behindNginx(2, "graceful-e2e-php:1").andInContainer(SLEEP),
                NEW,
                FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of(
                "nginx-ends-first",
                Front.sleepingPhp(behindNginx(2, "graceful-e2e-php:1")),
                NEW,
                EARLY)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        // Whoever nginx has taken by then and not yet passed on gets a 502.
        Case.of(
                "nginx-and-php-drain-at-once",
                behindNginx(2, "graceful-e2e-php:2"),
                NEW,
                EARLY,
                FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("nginx-ends-first"),

        // A helper that the app needs.
        Case.of("helper-ends-first", withHelper("waitclose", "exit"), BOTH, FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of("helper-and-app-at-once", withHelper("exit", "exit"), NEW, EARLY, CUT)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("exit-slow-path"),
        Case.of(
                "helper-outlives-app",
                withHelper("drain", "waitclose"),
                BOTH,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),
        Case.of(
                "helper-is-native-sidecar",
                needingHelper("waitclose").andInPodSpec(asNativeSidecar(beside("exit", 9090))),
                BOTH,
                GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query"),

        // Helpers that it does not need.
        Case.of(
                "sidecar-killed",
                shortly("waitclose").besides(beside("nohandler", 9090)),
                BOTH,
                GRACEFUL)
            .alike("sidecar-fails"),
        Case.of(
                "sidecar-protected",
                app("textbook").besides(SIDECAR),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(PROTECTED.verifying(SLOW))
            .at(NEW_ONLY)
            .alike("sidecar-leaves-first"),

        // A proxy of the database.
        Case.of(
                "database-proxy-ends-first",
                withRelay("waitclose", database).besides(relay(database)),
                BOTH,
                FAILED)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("helper-ends-first"),
        Case.of(
                "database-proxy-is-native-sidecar",
                withRelay("waitclose", database).andInPodSpec(asNativeSidecar(relay(database))),
                BOTH,
                GRACEFUL)
            .under(WATCHED.verifying(SLOW))
            .asking("/query")
            .alike("helper-is-native-sidecar"));
  }
}
