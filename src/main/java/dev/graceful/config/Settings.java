package dev.graceful.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What whoever installs the operator may set. */
@ConfigMapping(prefix = "graceful")
public interface Settings {

  /** About the clients that the operator plays. */
  Probe probe();

  /** About changing pod templates. */
  Apply apply();

  /** The name of this process in Events and in the lease: its pod's. */
  @WithDefault("${HOSTNAME:graceful-operator}")
  String instance();

  /** About the clients that the operator plays. */
  interface Probe {

    /** How many terminating pods are probed at once. Those beyond are Inconclusive. */
    @WithDefault("200")
    int mostAtOnce();

    /** How many requests one terminating pod gets at most, of all clients together. */
    @WithDefault("150")
    int requestsPerPod();
  }

  /** About changing pod templates. */
  interface Apply {

    /** Whether the chart's MutatingAdmissionPolicies are there to do it inside owners' writes. */
    @WithDefault("false")
    boolean atAdmission();

    /**
     * In how many Deployments of a namespace they do; the others are written after their owners.
     */
    @WithDefault("200")
    int mostAtAdmission();

    /** How many Deployments are rolled at the same time under {@code apply: Immediately}. */
    @WithDefault("1")
    int mostAtOnce();
  }
}
