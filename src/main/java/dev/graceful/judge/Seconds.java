package dev.graceful.judge;

import java.util.Locale;

/** Durations as the sentences that users read say them. */
public final class Seconds {

  private Seconds() {}

  /** Such as "5.23 s". */
  public static String of(long millis) {
    return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
  }
}
