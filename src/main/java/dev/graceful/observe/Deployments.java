package dev.graceful.observe;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of the Deployments; fed by the watch, read by the reconcilers. Thread-safe. */
public final class Deployments {

  private final Map<WorkloadRef, DeploymentFacts> known = new ConcurrentHashMap<>();

  /**
   * A Deployment is there, or has changed.
   *
   * @return what was known of it before; null: it is new
   */
  public @Nullable DeploymentFacts put(DeploymentFacts facts) {
    return known.put(facts.ref(), facts);
  }

  /** A Deployment is gone. */
  public void remove(WorkloadRef ref) {
    known.remove(ref);
  }

  /** What is known of a Deployment; null: it is not there. */
  public @Nullable DeploymentFacts get(WorkloadRef ref) {
    return known.get(ref);
  }

  /** The Deployments of a namespace. */
  public List<DeploymentFacts> in(String namespace) {
    return known.values().stream().filter(d -> d.ref().namespace().equals(namespace)).toList();
  }
}
