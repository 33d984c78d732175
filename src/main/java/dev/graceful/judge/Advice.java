package dev.graceful.judge;

/** What is worth a word, though nothing shows that a request was dropped. */
public enum Advice {
  /** It ended with 143 at once after SIGTERM: by the default action, or in a good order. */
  EndedAtOnce,
  /** It let go of no idle connection. */
  KeepAliveHeld,
  /** It let go of an idle connection that it had promised to keep. */
  KeepAliveUnannounced,
  /** It ended a connection while a request was on its way to it. */
  KeepAliveRace,
  /** Its readiness probe went on to say yes long after SIGTERM. */
  StillReady,
  /** A proxy that clients reach it through ended before it. */
  ProxyEndedFirst,
  /**
   * It was told late that it had left, and it served as long as clients could come all the same.
   */
  LeftLateAndServed
}
