package dev.graceful.facts;

/** How a pod answered when it was asked once what a readiness probe would ask it. */
public sealed interface ReadinessAnswer {

  /** The probe would have passed. */
  record Passed() implements ReadinessAnswer {}

  /**
   * The probe would have failed.
   *
   * @param why one line for the user: "GET /ready on port 8080 answered 404"
   */
  record Failed(String why) implements ReadinessAnswer {}
}
