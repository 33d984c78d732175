package dev.graceful.judge;

/** What a verdict was seen by; it claims no more than that can show. */
public enum RestsOn {
  /** Requests were answered, or not. */
  Requests,
  /** Connections were accepted or refused. Who accepted, the app or a proxy before it, is open. */
  Connections,
  /** The pod's status alone. */
  Status
}
