package dev.graceful.e2e;

/** The verdicts that the labels of the cases name. */
final class Expected {

  static final String GRACEFUL = "Graceful";
  static final String CONNECTIONS_SERVED = "ConnectionsServed";
  static final String CUT = "CutConnections";
  static final String FAILED = "FailedWhileDraining";
  static final String EARLY = "StoppedServingEarly";
  static final String KILLED = "KilledAtDeadline";
  static final String ERROR = "ExitedWithError";
  static final String NEVER_READY = "NotApplicable";
  static final String INCONCLUSIVE = "Inconclusive";

  private Expected() {}
}
