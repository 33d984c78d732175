package dev.graceful.controller;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready as long as all watches are open. */
@Readiness
@ApplicationScoped
public class WatchHealth implements HealthCheck {

  private final ClusterWatch watch;

  WatchHealth(ClusterWatch watch) {
    this.watch = watch;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("watches").status(watch.isWatching()).build();
  }
}
