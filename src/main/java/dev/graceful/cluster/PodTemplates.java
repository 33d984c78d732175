package dev.graceful.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Change;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import dev.graceful.template.Change.ReadinessChange;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the pod templates of other people's Deployments, and lets go of what it wrote.
 *
 * <p>As long as the operator owns a field, an owner who sets it with server-side apply or Helm 4
 * gets a conflict. So the operator takes its own entry out of {@code metadata.managedFields} after
 * each write; the values stay.
 */
public final class PodTemplates implements Templates {

  private static final Logger LOG = LoggerFactory.getLogger(PodTemplates.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** If it is not enough, the next reconciliation sees that the Deployment is still held. */
  private static final int LET_GO_TRIES = 5;

  private final KubernetesClient client;

  /** Writes with this client, each time once. */
  public PodTemplates(KubernetesClient client) {
    this.client = SingleAttempt.of(client);
  }

  @Override
  public Outcome write(DeploymentFacts deployment, Change change) {
    return patch(deployment, change, false);
  }

  @Override
  public Outcome dryRun(DeploymentFacts deployment, Change change) {
    return patch(deployment, change, true);
  }

  private Outcome patch(DeploymentFacts deployment, Change change, boolean dryRun) {
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.STRATEGIC_MERGE)
            .withFieldManager(DeploymentFacts.FIELD_MANAGER);
    if (dryRun) {
      context.withDryRun(List.of("All"));
    }
    Deployment written;
    try {
      written = resource(deployment.ref()).patch(context.build(), body(deployment, change));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case 409, 404 -> new Outdated();
        case 400, 403, 422 -> new Refused(Answer.message(e));
        default -> throw e;
      };
    }
    if (!dryRun) {
      letGo(written);
    }
    return kept(written, change);
  }

  private static Outcome kept(Deployment written, Change change) {
    var pod = written.getSpec().getTemplate().getSpec();
    Long grace = change.graceSeconds();
    if (grace != null && !grace.equals(pod.getTerminationGracePeriodSeconds())) {
      return new Altered(
          "an admission policy made terminationGracePeriodSeconds "
              + pod.getTerminationGracePeriodSeconds()
              + " of the "
              + grace
              + " that were written");
    }
    Map<String, ContainerFacts> containers =
        pod.getContainers().stream()
            .map(ContainerFacts::from)
            .collect(Collectors.toMap(ContainerFacts::name, Function.identity()));
    for (OfContainer part : change.containers()) {
      ContainerFacts container = containers.get(part.name());
      // An API server that does not know the field drops it in silence.
      if (part.preStop() instanceof PreStop.Sleep sleep
          && (container == null || container.sleepSeconds() != sleep.seconds())) {
        return new Altered(
            "the preStop sleep of container "
                + part.name()
                + " was dropped: the API server does not know it (Kubernetes 1.30 and newer do), or"
                + " an admission policy took it out");
      }
      if (part.readiness() instanceof ReadinessChange.Given
          && (container == null || !container.hasReadinessProbe())) {
        return new Altered(
            "the readiness probe of container "
                + part.name()
                + " was dropped: an admission policy took it out");
      }
    }
    return new Written();
  }

  @Override
  public void letGo(WorkloadRef ref) {
    Deployment deployment = resource(ref).get();
    if (deployment != null) {
      letGo(deployment);
    }
  }

  private void letGo(Deployment deployment) {
    var metadata = deployment.getMetadata();
    RollableScalableResource<Deployment> resource =
        resource(new WorkloadRef(metadata.getNamespace(), metadata.getName()));
    Deployment read = deployment;
    for (int i = 0; read != null && i < LET_GO_TRIES; i++) {
      String patch = withoutOurs(read.getMetadata().getManagedFields());
      if (patch.isEmpty()) {
        return;
      }
      try {
        resource.patch(PatchContext.of(PatchType.JSON), patch);
        return;
      } catch (KubernetesClientException e) {
        // The Deployment controller has just written its status, and the entries have moved.
        LOG.debug("The entries of managedFields have moved", e);
      }
      read = resource.get();
    }
  }

  /** A JSON patch that removes the operator's entries; empty: there are none. */
  private static String withoutOurs(List<ManagedFieldsEntry> entries) {
    ArrayNode patch = JSON.createArrayNode();
    // From the end, so that the indexes before it stay right.
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (DeploymentFacts.FIELD_MANAGER.equals(entries.get(i).getManager())) {
        String path = "/metadata/managedFields/" + i;
        patch
            .addObject()
            .put("op", "test")
            .put("path", path + "/manager")
            .put("value", DeploymentFacts.FIELD_MANAGER);
        patch.addObject().put("op", "remove").put("path", path);
      }
    }
    return patch.isEmpty() ? "" : patch.toString();
  }

  private static String body(DeploymentFacts deployment, Change change) {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("metadata").put("resourceVersion", deployment.resourceVersion());
    ObjectNode pod = root.putObject("spec").putObject("template").putObject("spec");
    if (change.graceSeconds() != null) {
      pod.put("terminationGracePeriodSeconds", change.graceSeconds());
    }
    if (!change.containers().isEmpty()) {
      ArrayNode containers = pod.putArray("containers");
      change.containers().forEach(c -> put(c, containers.addObject()));
    }
    return root.toString();
  }

  private static void put(OfContainer change, ObjectNode container) {
    container.put("name", change.name());
    switch (change.preStop()) {
      case null -> {}
      case PreStop.Sleep sleep ->
          container
              .putObject("lifecycle")
              .putObject("preStop")
              .putObject("sleep")
              .put("seconds", sleep.seconds());
      case PreStop.Gone gone -> container.putObject("lifecycle").putNull("preStop");
      case PreStop.GoneWithLifecycle gone -> container.putNull("lifecycle");
    }
    switch (change.readiness()) {
      case null -> {}
      case ReadinessChange.Given given ->
          container.set("readinessProbe", instead(JSON.valueToTree(given.probe())));
      case ReadinessChange.Taken taken -> container.putNull("readinessProbe");
    }
  }

  /** What an earlier probe of ours had, and this one does not state, is to go. */
  private static ObjectNode instead(ObjectNode probe) {
    for (String field :
        List.of(
            "httpGet",
            "tcpSocket",
            "grpc",
            "periodSeconds",
            "timeoutSeconds",
            "failureThreshold")) {
      if (!probe.has(field)) {
        probe.putNull(field);
      }
    }
    if (probe.get("httpGet") instanceof ObjectNode get && !get.has("scheme")) {
      get.putNull("scheme");
    }
    if (probe.get("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
      grpc.putNull("service");
    }
    return probe;
  }

  private RollableScalableResource<Deployment> resource(WorkloadRef ref) {
    return client.apps().deployments().inNamespace(ref.namespace()).withName(ref.name());
  }
}
