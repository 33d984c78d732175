package dev.graceful.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the runs, and those that are void. A run is void if and only if the control failed during
 * it, as then something other than the product or the app dropped requests. Nothing is asserted of
 * such a run, and it is not done again; but there may be only few of them.
 */
final class Runs {

  /** At most one in so many may be void. */
  private static final int ONE_VOID_IN = 20;

  /**
   * How it stands.
   *
   * @param voids the names of those that are void
   * @param limit how many may be, of so many runs
   */
  record Count(int runs, List<String> voids, int limit) {

    boolean isWithinLimit() {
      return voids.size() <= limit;
    }

    @Override
    public String toString() {
      return "%d of %d runs are void, as their control failed; at most %d may be%s"
          .formatted(
              voids.size(), runs, limit, voids.isEmpty() ? "" : ": " + String.join(", ", voids));
    }
  }

  private final List<String> voids = new ArrayList<>();
  private int runs;

  /** Returns whether the run is void. */
  synchronized boolean add(String name, int failuresOfControl) {
    runs++;
    if (failuresOfControl > 0) {
      voids.add(name);
    }
    return failuresOfControl > 0;
  }

  synchronized Count count() {
    return new Count(runs, List.copyOf(voids), limit(runs));
  }

  static int limit(int runs) {
    return runs / ONE_VOID_IN;
  }

  /** Keeps the count in a file, and fails if there are too many. */
  void close(Path file) {
    Count count = count();
    Rows.write(file, count);
    if (!count.isWithinLimit()) {
      throw new AssertionError(count + ". This machine has too much else to do.");
    }
  }
}
