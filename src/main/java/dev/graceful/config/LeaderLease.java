package dev.graceful.config;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Only the replica that holds the lease knocks, judges and writes. */
public final class LeaderLease {

  /** The Lease's name, in the operator's own namespace. */
  public static final String NAME = "graceful-operator";

  @Produces
  @Singleton
  LeaderElectionConfiguration lease() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(NAME).build();
  }
}
