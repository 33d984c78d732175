package dev.graceful.judge.hint;

/** What its owner should know of a termination, though nothing shows that a request was dropped. */
public sealed interface Hint
    permits EndedAtOnce,
        KeepAliveHeld,
        KeepAliveRace,
        KeepAliveUnannounced,
        LeftLateAndServed,
        OtherContainerFailed,
        PortsUnverified,
        ProxyEndedFirst,
        SigtermRaisedAgain,
        StillReady {

  /** What happened and what helps, in sentences that users read. */
  String message();
}
