package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;

/**
 * The policy that the tests write: as a user would, in YAML.
 *
 * @param verify how to verify, in flow style; empty: the operator decides
 */
record Policy(Apply apply, int propagationSeconds, int drainSeconds, String verify) {

  static final String NAME = "web";

  Policy(Apply apply, int propagationSeconds, int drainSeconds) {
    this(apply, propagationSeconds, drainSeconds, "");
  }

  /**
   * Asks a path that takes the app a while: only such a request is surely in flight when SIGTERM
   * comes. Without it a good app may be called so or not, as the moment has it.
   */
  Policy verifyingOnSlowPath() {
    return verifying("mode: Http, http: {path: /query}");
  }

  Policy verifying(String how) {
    return new Policy(apply, propagationSeconds, drainSeconds, how);
  }

  /** Whether it changes the Deployments that it selects. */
  boolean patches() {
    return apply != Apply.Never;
  }

  /** Whether it starts rollouts of its own. */
  boolean rolls() {
    return apply == Apply.Immediately;
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
          verify: {%s}
        """
        .formatted(NAME, apply, propagationSeconds, drainSeconds, verify);
  }

  /** Whether the operator says that new Deployments have the values from their first pods on. */
  boolean protectsNewDeployments(Cluster cluster, String namespace) {
    GracefulPolicy policy =
        cluster
            .client()
            .resources(GracefulPolicy.class)
            .inNamespace(namespace)
            .withName(NAME)
            .get();
    return policy != null
        && policy.getStatus() != null
        && Boolean.TRUE.equals(policy.getStatus().protectsNewDeployments());
  }
}
