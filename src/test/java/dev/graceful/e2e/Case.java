package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.e2e.ClientStats.Kind;
import java.util.Set;

/**
 * A way to end, with a label that says what it is. The operator is not told: neither name nor
 * label, nor any other field that it can read, says more than an owner's manifest would.
 *
 * @param port of the Service that the clients come to
 * @param path what the clients ask for
 * @param secure whether the app speaks TLS
 * @param asked the kind of requests that the case is about
 * @param expected the verdicts that are right, more than one where the honest answer hangs on what
 *     the probe happened to see, or on how far a rollout had come
 * @param some one of these must be seen of one pod at least; empty: whichever is expected will do
 * @param alike the case that shows the same kind in less time, and is run where there is little of
 *     it; empty: none does
 */
record Case(
    String name,
    OwnersYaml app,
    Policy policy,
    Disruption deed,
    Traffic.Rate rate,
    int port,
    String path,
    boolean secure,
    Set<Kind> asked,
    Set<String> expected,
    Set<String> some,
    String alike) {

  static final Set<Kind> NEW = Set.of(Kind.NEW);
  static final Set<Kind> KEEP_ALIVE = Set.of(Kind.KEEP_ALIVE);
  static final Set<Kind> BOTH = Set.of(Kind.NEW, Kind.KEEP_ALIVE);

  /**
   * So little that many cases go side by side, and enough to meet each moment of an end: a
   * connection that is kept is used again within a second.
   */
  static final Traffic.Rate LIGHT = new Traffic.Rate(30, 16);

  /** Only watched. */
  static final Policy WATCHED = new Policy(Apply.Never, 3, 10);

  /** Given a sleep of 4 s, and 10 s to drain. */
  static final Policy PROTECTED = new Policy(Apply.OnRollout, 3, 10);

  /** Two pods of an app, watched while they are rolled under light traffic. */
  static Case of(String name, OwnersYaml app, Set<Kind> asked, String... expected) {
    return new Case(
        name,
        app,
        WATCHED,
        Disruption.ROLLOUT,
        LIGHT,
        80,
        "/work",
        false,
        asked,
        Set.of(expected),
        Set.of(),
        "");
  }

  Case under(Policy another) {
    return new Case(
        name, app, another, deed, rate, port, path, secure, asked, expected, some, alike);
  }

  Case when(Disruption another) {
    return new Case(
        name, app, policy, another, rate, port, path, secure, asked, expected, some, alike);
  }

  Case at(Traffic.Rate another) {
    return new Case(
        name, app, policy, deed, another, port, path, secure, asked, expected, some, alike);
  }

  /** The clients come to another port of the Service. */
  Case on(int another) {
    return new Case(
        name, app, policy, deed, rate, another, path, secure, asked, expected, some, alike);
  }

  Case asking(String another) {
    return new Case(
        name, app, policy, deed, rate, port, another, secure, asked, expected, some, alike);
  }

  Case overTls() {
    return new Case(name, app, policy, deed, rate, port, path, true, asked, expected, some, alike);
  }

  /** What is there must be seen of one pod at least. */
  Case someBeing(String verdict) {
    return new Case(
        name, app, policy, deed, rate, port, path, secure, asked, expected, Set.of(verdict), alike);
  }

  /** Another case shows the same kind in less time. */
  Case alike(String another) {
    return new Case(
        name, app, policy, deed, rate, port, path, secure, asked, expected, some, another);
  }

  /** Whether no other case stands for it. */
  boolean standsForItself() {
    return alike.isEmpty();
  }

  /** Whether the policy asks for connections, and for no requests. */
  boolean isOfConnections() {
    return policy.verify().contains("mode: Connect");
  }

  Honesty honesty() {
    return new Honesty(expected, some, asked);
  }

  @Override
  public String toString() {
    return name;
  }
}
