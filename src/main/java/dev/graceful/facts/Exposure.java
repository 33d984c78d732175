package dev.graceful.facts;

import java.util.Map;

/**
 * How clients reach the pods of a Deployment.
 *
 * @param ways each with the object that opens it, as users call it ("Ingress web"); empty: no
 *     Service has the pods
 */
public record Exposure(Map<Way, String> ways) {

  /** A way to the pods. */
  public enum Way {
    /** kube-proxy, or what stands for it, sends connections from within the cluster. */
    ClusterIp,
    /** The same, from outside; the nodes without a ready pod send them on. */
    NodePort,
    /** Each node sends connections to its own pods only, and fails a health check without one. */
    NodePortLocal,
    /** Clients look up the pods' own addresses, and remember them. */
    Headless,
    /** A load balancer of the cloud. */
    LoadBalancer,
    /** A proxy of the cluster that reads Ingresses. */
    Ingress,
    /** A proxy of the cluster that reads routes, as those of the Gateway API. */
    Route,
    /** A load balancer of AWS, set up elsewhere, that has the pods themselves as its targets. */
    TargetGroup
  }
}
