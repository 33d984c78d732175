package dev.graceful.e2e;

import static dev.graceful.e2e.Apps.app;
import static dev.graceful.e2e.Apps.many;
import static dev.graceful.e2e.Apps.server;
import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.PROTECTED;
import static dev.graceful.e2e.Case.WATCHED;
import static dev.graceful.e2e.Expected.CONNECTIONS_SERVED;
import static dev.graceful.e2e.Expected.GRACEFUL;
import static dev.graceful.e2e.Expected.INCONCLUSIVE;

import java.util.List;
import java.util.stream.Stream;

/**
 * All labelled cases. What each app does at SIGTERM is told in {@code e2e/apps/README.md} and
 * {@code e2e/servers/README.md}.
 *
 * <p>The keep-alive kind is asked only where the app tells its clients before it lets go of them.
 */
final class Cases {

  private static final String[] SERIES = {GRACEFUL, CONNECTIONS_SERVED, INCONCLUSIVE};

  private Cases() {}

  /**
   * The table.
   *
   * @param database for those that query one
   */
  static List<Case> all(Database database) {
    return Stream.of(
            CasesOfApps.all(),
            CasesOfPools.all(database),
            CasesOfServers.all(),
            CasesOfContainers.all(database),
            CasesOfPorts.all(),
            CasesOfReleases.all(),
            CasesOfHooks.all(),
            CasesOfResponses.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Graceful by design, ten pods of each: for a long series. They serve on after SIGTERM, so that
   * more can be seen of them than of those that just end in time. How many are called so is a
   * figure of the series.
   */
  static List<Case> good() {
    return List.of(
        Case.of("series-wait-close", many(app("waitclose")), BOTH, SERIES),
        Case.of("series-ready-never", many(app("readynever")), BOTH, SERIES)
            .under(WATCHED.verifying(Apps.SLOW)),
        Case.of("series-drain", many(app("drain")), BOTH, SERIES)
            .under(PROTECTED.verifying(Apps.SLOW)),
        Case.of("series-go-wait", many(server("go", "wait")), BOTH, SERIES).asking("/query"));
  }
}
