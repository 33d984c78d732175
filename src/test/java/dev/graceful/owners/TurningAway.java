package dev.graceful.owners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A webhook that has the API server answer 429 to each write of the operator to a Deployment. */
final class TurningAway implements AutoCloseable {

  private static final String NAME = "turning-away.example.com";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final char[] PASSWORD = "password".toCharArray();

  private final ControlPlane plane;
  private final HttpsServer server;
  private final AtomicInteger turnedAway = new AtomicInteger();

  private TurningAway(ControlPlane plane, HttpsServer server) {
    this.plane = plane;
    this.server = server;
  }

  /** From its return on the API server asks it. */
  static TurningAway begin(ControlPlane plane, String namespace, String deployment) {
    try {
      KeyStore keys = keys(plane);
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD);
      var tls = SSLContext.getInstance("TLS");
      tls.init(managers.getKeyManagers(), null, null);
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      var webhook = new TurningAway(plane, server);
      server.createContext("/", webhook::answer);
      server.start();
      webhook.register(keys.getCertificate("webhook").getEncoded());
      webhook.awaitAsked(namespace, deployment);
      return webhook;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many writes it has turned away. */
  int count() {
    return turnedAway.get();
  }

  /** A key for 127.0.0.1, and a certificate that it signed itself. */
  private static KeyStore keys(ControlPlane plane) throws IOException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("webhook");
    Path file = folder.resolve("keys.p12");
    plane
        .tools()
        .need(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "webhook",
            "-keyalg",
            "EC",
            "-dname",
            "CN=webhook",
            "-ext",
            "SAN=IP:127.0.0.1",
            "-keystore",
            file.toString(),
            "-storepass",
            new String(PASSWORD));
    KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
    Files.delete(file);
    Files.delete(folder);
    return keys;
  }

  private void register(byte[] certificate) {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
            + "\n-----END CERTIFICATE-----\n";
    plane
        .client()
        .resource(
            object(
                """
                webhooks:
                  - name: %1$s
                    admissionReviewVersions: [v1]
                    sideEffects: None
                    failurePolicy: Fail
                    clientConfig:
                      url: https://127.0.0.1:%2$d/
                      caBundle: %3$s
                    rules:
                      - operations: [UPDATE]
                        apiGroups: [apps]
                        apiVersions: [v1]
                        resources: [deployments]
                    matchConditions:
                      - name: operator-or-dry-run
                        expression: request.userInfo.username == '%4$s' || request.dryRun
                """
                    .formatted(
                        NAME,
                        server.getAddress().getPort(),
                        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)),
                        OperatorProcess.USER)))
        .create();
  }

  private static GenericKubernetesResource object(String rest) {
    return Serialization.unmarshal(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: %s}
        %s"""
            .formatted(NAME, rest),
        GenericKubernetesResource.class);
  }

  /** The API server takes up a new webhook a moment after it was made: dry runs show when. */
  private void awaitAsked(String namespace, String deployment) {
    for (int tries = 0; turnedAway.get() == 0; tries++) {
      if (tries > 300) {
        throw new IllegalStateException("the API server does not ask the webhook");
      }
      plane
          .tools()
          .run(
              List.of(
                  "kubectl",
                  "label",
                  "deployment",
                  deployment,
                  "--namespace",
                  namespace,
                  "--dry-run=server",
                  "asked=" + tries));
      OperatorProcess.sleep(Duration.ofMillis(100));
    }
    turnedAway.set(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode review = JSON.readTree(exchange.getRequestBody());
      turnedAway.incrementAndGet();
      ObjectNode answer = JSON.createObjectNode();
      answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
      answer
          .putObject("response")
          .put("uid", review.path("request").path("uid").asText())
          .put("allowed", false)
          .putObject("status")
          .put("code", 429)
          .put("reason", "TooManyRequests")
          .put("message", "Too many requests, please try again later.");
      byte[] body = JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    plane.client().resource(object("")).delete();
    server.stop(0);
  }
}
