package dev.graceful.judge;

import dev.graceful.facts.Exit;

/** How one container of a pod ended. */
public record ContainerEnd(String name, Role role, Exit exit) {

  /** What a container is to clients. */
  public enum Role {
    /** It serves a port of a Service. */
    Serves,
    /** None declares such a port, so that it may be this one that serves it. */
    MayServe,
    /** It serves none. */
    Helps
  }

  /** Whether it failed by itself: neither SIGKILL nor SIGTERM ended it. */
  boolean isError() {
    return badness() == 3;
  }

  /** The greater, the worse. Of a container that the runtime lost it is not known how it ended. */
  int badness() {
    if (End.LOST.equals(exit.reason())) {
      return 2;
    }
    if (exit.isKilled()) {
      return "OOMKilled".equals(exit.reason()) ? 4 : 5;
    }
    if (exit.isTerminated()) {
      return 1;
    }
    return exit.code() == 0 ? 0 : 3;
  }

  /** Whether it says that something went wrong. */
  public boolean isFailure() {
    return badness() > 2;
  }
}
