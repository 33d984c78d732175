package dev.graceful.e2e;

/**
 * How much traffic a machine bears: so many new connections a second to an app under test, and as
 * many at the same time to the control.
 */
record Capacity(int newPerSecond) {

  /** With fewer an app that drops connections may drop none in a rollout. */
  static final int LEAST = 20;

  /** A machine that does not even bear the least. Its message is one sentence. */
  static final class TooLittle extends IllegalStateException {

    private static final long serialVersionUID = 1;

    TooLittle() {
      super(
          ("this machine has too much else to do: it has to bear %d new connections a second to an app and as many to its control,"
                  + " with no failure, no client that is late, and half of what its processors have free left free;"
                  + " end other work, or use a machine with more or faster processors")
              .formatted(LEAST));
    }
  }

  /** Of so many connections several meet a pod that has just ended, and more on a slow machine. */
  private static final int CONNECTIONS_THAT_SHOW_IT = 60;

  /** As much of this as the machine bears, in the same proportions. */
  Traffic.Rate of(Traffic.Rate most) {
    return most.newPerSecond() <= newPerSecond
        ? most
        : new Traffic.Rate(
            newPerSecond,
            Math.toIntExact(
                Math.round(
                    (double) most.keepAlivePerSecond() * newPerSecond / most.newPerSecond())));
  }

  Capacity half() {
    return new Capacity(newPerSecond / 2);
  }

  /**
   * How many rollouts it takes to see of an app that it drops connections: the fewer come in a
   * second, the fewer meet the moment of a pod's end.
   */
  int rolloutsThatShowDrops() {
    return Math.max(1, Math.ceilDiv(CONNECTIONS_THAT_SHOW_IT, newPerSecond));
  }

  /**
   * How many cases under light traffic go side by side. Together they send less than the machine
   * bears, as their pods' starts take more of it than their traffic.
   */
  int lanes() {
    return newPerSecond >= 170 ? 3 : newPerSecond >= 60 ? 2 : 1;
  }

  @Override
  public String toString() {
    return newPerSecond + " new connections a second";
  }
}
