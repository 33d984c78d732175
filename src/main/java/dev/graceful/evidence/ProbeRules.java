package dev.graceful.evidence;

/**
 * How a policy wants the terminations of a workload to be watched.
 *
 * @param propagationSeconds how long clients may come after a pod has left its endpoints
 * @param verify what the policy says of verifying
 */
public record ProbeRules(int propagationSeconds, ProbePlan.VerifySpec verify) {}
