package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.EXEC_BIN_SLEEP;
import static dev.graceful.e2e.Apps.EXEC_SLEEP;
import static dev.graceful.e2e.Apps.EXEC_SLEEP_LONG;
import static dev.graceful.e2e.Apps.NEW_ONLY;
import static dev.graceful.e2e.Apps.SHORT_GRACE;
import static dev.graceful.e2e.Apps.SLOW;
import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.ownHook;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.CUT;
import static dev.graceful.e2e.Expected.EARLY;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.KILLED;

import java.util.List;

/** preStop hooks that their owner wrote. */
final class CasesOfHooks {

  private CasesOfHooks() {}

  static List<Case> all() {
    return List.of(
        // When a command is over, only its owner knows. What is cut then may have had no witness.
        Case.of(
                "exec-sleep-bin-exit",
                ownHook("exit", EXEC_BIN_SLEEP),
                BOTH,
                CUT,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .alike("exec-sleep-exit"),
        Case.of(
                "exec-sleep-shell",
                ownHook("textbook", EXEC_SLEEP),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .at(NEW_ONLY),
        Case.of(
                "exec-sleep-bin",
                ownHook("textbook", EXEC_BIN_SLEEP),
                NEW,
                GRACEFUL,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .at(NEW_ONLY)
            .alike("exec-sleep-shell"),
        // The hook is cut at the end of the grace period, and the app with it 2 s later.
        Case.of(
            "exec-sleep-too-long",
            ownHook("waitclose", EXEC_SLEEP_LONG).andInPodSpec(SHORT_GRACE),
            BOTH,
            KILLED),
        // The app needs no time at all, and what it cuts then may have had no witness.
        Case.of(
                "exec-sleep-too-long-exit",
                ownHook("exit", EXEC_SLEEP_LONG).andInPodSpec(SHORT_GRACE),
                BOTH,
                CUT,
                CONNECTIONS_SERVED)
            .under(WATCHED.verifying(SLOW))
            .alike("exec-sleep-too-long"),
        // There is no sleep in its image, so SIGTERM comes at once.
        Case.of(
                "exec-sleep-missing",
                app("textbook").andInContainer("lifecycle: {preStop: {" + EXEC_BIN_SLEEP + "}}"),
                NEW,
                EARLY)
            .at(NEW_ONLY),
        Case.of(
                "http-hook-fails",
                ownHook("waitclose", "httpGet: {path: /missing, port: 8080}"),
                NEW,
                "HookFailed")
            .alike("hook-fails"),

        // Zero seconds: its owner wants no sleep.
        Case.of("no-sleep-wanted", ownHook("waitclose", "sleep: {seconds: 0}"), BOTH, GRACEFUL)
            .under(PROTECTED.verifying(SLOW))
            .alike("wait-close"),
        Case.of("no-sleep-wanted-textbook", ownHook("textbook", "sleep: {seconds: 0}"), NEW, EARLY)
            .under(PROTECTED)
            .at(NEW_ONLY)
            .alike("textbook"));
  }
}
