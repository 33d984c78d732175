package dev.graceful.cluster;

import dev.graceful.api.v1alpha1.PrintableText;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes Kubernetes Events. An Event is a courtesy: that one cannot be written stops nothing.
 */
public final class EventPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  /** The API's limit for a note, in bytes. */
  private static final int LONGEST_NOTE = 1_000;

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;

  /**
   * Publishes with this client.
   *
   * @param instance the name of this process, such as its pod's
   */
  public EventPublisher(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  /** As much of a text as the API takes, printable and in whole characters. */
  static String cut(String text) {
    String note = PrintableText.of(text, LONGEST_NOTE);
    if (note.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NOTE) {
      return note;
    }
    var whole = ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8), 0, LONGEST_NOTE);
    var cut = CharBuffer.allocate(LONGEST_NOTE);
    // Stops before a character that is cut in two.
    StandardCharsets.UTF_8.newDecoder().decode(whole, cut, false);
    return cut.flip().toString();
  }

  /** A revision of the Deployment was not ended gracefully. */
  public void violated(DeploymentFacts deployment, String reason, String note, Instant now) {
    WorkloadRef ref = deployment.ref();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(ref.namespace())
            .withGenerateName(ref.name() + "-")
            .endMetadata()
            .withType("Warning")
            .withReason(reason)
            .withAction("JudgeTerminations")
            .withNote(cut(note))
            .withReportingController("graceful.dev/" + DeploymentFacts.FIELD_MANAGER)
            .withReportingInstance(instance)
            .withEventTime(new MicroTime(MICRO_TIME.format(now)))
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion("apps/v1")
                    .withKind("Deployment")
                    .withNamespace(ref.namespace())
                    .withName(ref.name())
                    .withUid(deployment.uid())
                    .build())
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (GoneObjects.isNamespaceTerminating(e)) {
        return;
      }
      LOG.atWarn()
          .addKeyValue("namespace", ref.namespace())
          .addKeyValue("deployment", ref.name())
          .setCause(e)
          .log("Could not publish an event");
    }
  }
}
