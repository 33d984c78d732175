package dev.graceful.cluster;

import dev.graceful.config.Settings;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Only the replica that holds the lease probes, judges and writes. One that gets SIGTERM gives the
 * lease back, so that the next need not wait until it expires: no replica sees the pods that end
 * meanwhile.
 */
@Singleton
public final class LeaderLease {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);

  /** The Lease's name, in the operator's own namespace. */
  private static final String NAME = "graceful-operator";

  private final KubernetesClient client;
  private final String identity;

  LeaderLease(KubernetesClient client, Settings settings) {
    this.client = client;
    this.identity = settings.instance();
  }

  @Produces
  @Singleton
  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(NAME)
        .withIdentity(identity)
        // Built this way, the SDK itself does not end the process. Its way would be System.exit,
        // which
        // never returns where a shutdown is under way already.
        .withLeaderCallbacks(
            new LeaderCallbacks(() -> {}, () -> Quarkus.asyncExit(1), leader -> {}))
        .build();
  }

  /** After the operator has stopped. */
  void onStop(@Observes @Priority(Interceptor.Priority.APPLICATION + 900) ShutdownEvent event) {
    try {
      var leases =
          client.leases().inNamespace(client.getConfiguration().getNamespace()).withName(NAME);
      Lease lease = leases.get();
      if (lease == null || !Objects.equals(lease.getSpec().getHolderIdentity(), identity)) {
        return;
      }
      // Bound to the state that was read: it may just have gone to another.
      lease.getSpec().setHolderIdentity("");
      lease.getSpec().setLeaseDurationSeconds(1);
      client.resource(lease).update();
    } catch (KubernetesClientException e) {
      LOG.warn("Could not give the lease back; it expires by itself", e);
    }
  }
}
