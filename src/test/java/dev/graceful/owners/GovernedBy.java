package dev.graceful.owners;

/** The policy of the tests, and what it makes of a Deployment that declares nothing. */
final class GovernedBy {

  static final String NAME = "web";
  static final int SLEEP_SECONDS = 6;
  static final int GRACE_SECONDS = 36;

  private GovernedBy() {}

  /** As a user would write it. No pod is probed, as no process is at the pods' addresses. */
  static String policy(String apply) {
    return """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata:
          name: %s
        spec:
          selector: {matchLabels: {tier: web}}
          apply: %s
          propagationSeconds: 5
          drainSeconds: 30
          verify: {mode: None}
        """
        .formatted(NAME, apply);
  }

  /**
   * Edits the policy of a namespace, as a user with kubectl.
   *
   * @param patch a merge patch
   */
  static void edit(ControlPlane plane, String namespace, String patch) {
    plane
        .tools()
        .need(
            "kubectl",
            "patch",
            "gracefulpolicy",
            NAME,
            "--namespace",
            namespace,
            "--type=merge",
            "--patch",
            patch);
  }
}
