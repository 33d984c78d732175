package dev.graceful.observe;

import org.jspecify.annotations.Nullable;

/**
 * What a few connections to one ready pod of a revision showed.
 *
 * @param reachable whether any of them was accepted
 * @param answers whether the path was answered over HTTP with a status below 500
 * @param concurrent whether a second connection got its answer while the first one stood open
 * @param usualMillis how long the slower of the answers took; 0: there was none
 * @param proxy what a proxy before the app calls itself; null: none showed
 */
public record Acquaintance(
    boolean reachable,
    boolean answers,
    boolean concurrent,
    long usualMillis,
    @Nullable String proxy) {

  /** Of a revision that no connection reached. */
  public static final Acquaintance UNREACHABLE = new Acquaintance(false, false, false, 0, null);
}
