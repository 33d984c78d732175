package dev.graceful.facts;

import dev.graceful.facts.Exposure.Way;
import org.jspecify.annotations.Nullable;

/**
 * One object by which clients reach pods.
 *
 * @param name as users call it: "Ingress web"
 * @param delay of its load balancer; null: it has none, or declares nothing
 */
public record Entrance(Way way, String name, @Nullable DeregistrationDelay delay) {

  /** One that declares nothing. */
  public Entrance(Way way, String name) {
    this(way, name, null);
  }

  /** Whether it has a load balancer, to which a declared delay applies. */
  boolean isBalanced() {
    return way == Way.LoadBalancer || way == Way.TargetGroup;
  }

  /** The same, with what its Service declares for it: that comes before its own. */
  Entrance declaredBy(@Nullable DeregistrationDelay service) {
    return service == null || !isBalanced() ? this : new Entrance(way, name, service);
  }
}
