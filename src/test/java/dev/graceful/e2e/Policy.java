package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Apply;

/** The policy that the tests write: as a user would, in YAML. */
record Policy(Apply apply, int propagationSeconds, int drainSeconds) {

  static final String NAME = "web";

  /** Whether it changes the Deployments that it selects. */
  boolean patches() {
    return apply != Apply.Never;
  }

  String yaml() {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata:
          name: %s
        spec:
          selector: {matchLabels: {tier: web}}
          apply: %s
          propagationSeconds: %d
          drainSeconds: %d
        """
        .formatted(NAME, apply, propagationSeconds, drainSeconds);
  }
}
