package dev.graceful.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for the content of a pod template, the same in a Deployment and its ReplicaSet. */
final class TemplateDigest {

  /** The Deployment controller adds it to the template of each ReplicaSet. */
  private static final String HASH_LABEL = "pod-template-hash";

  private static final int KEPT_BYTES = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TemplateDigest() {}

  static String of(PodTemplateSpec template) {
    ObjectNode content = JSON.valueToTree(template);
    if (content.path("metadata").path("labels") instanceof ObjectNode labels) {
      labels.remove(HASH_LABEL);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEPT_BYTES);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
