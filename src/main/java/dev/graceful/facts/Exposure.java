package dev.graceful.facts;

import java.util.List;

/**
 * How clients reach the pods of a Deployment.
 *
 * @param entrances of those that are alike the first by name; empty: no Service has the pods
 */
public record Exposure(List<Entrance> entrances) {

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
    /** A load balancer, mostly of a cloud. */
    LoadBalancer,
    /** A proxy of the cluster that reads Ingresses. */
    Ingress,
    /** A proxy of the cluster that reads routes, as those of the Gateway API. */
    Route,
    /** A load balancer of AWS that has the pods themselves as targets: maybe of the slow kind. */
    TargetGroup
  }
}
