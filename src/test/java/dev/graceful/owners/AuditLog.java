package dev.graceful.owners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the API server was asked, in its own words. */
final class AuditLog {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> READING = Set.of("get", "list", "watch");

  private final Path file;

  AuditLog(Path file) {
    this.file = file;
  }

  /**
   * One request.
   *
   * @param resource with the subresource, if any: deployments/status
   * @param name empty: a list or a watch of many
   */
  record Call(
      String user, String verb, String resource, String namespace, String name, String uri) {

    boolean writes() {
      return !READING.contains(verb) && !uri.contains("dryRun=");
    }

    boolean isOf(String resourceName, String inNamespace) {
      return resource.equals(resourceName) && namespace.equals(inNamespace);
    }

    @Override
    public String toString() {
      return verb + " " + uri;
    }
  }

  /** Where it ends now, for {@link #operatorsSince}. */
  long end() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the operator asked for after that point, in the order of the answers. */
  List<Call> operatorsSince(long end) {
    List<Call> result = new ArrayList<>();
    try (var channel = Files.newByteChannel(file)) {
      channel.position(end);
      var in = Channels.newReader(channel, StandardCharsets.UTF_8);
      var lines = new BufferedReader(in);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // A line that is being written is not whole yet.
        if (line.contains(OperatorProcess.USER) && line.endsWith("}")) {
          Call call = call(JSON.readTree(line));
          if (call.user().equals(OperatorProcess.USER)) {
            result.add(call);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  private static Call call(JsonNode event) {
    JsonNode object = event.path("objectRef");
    String subresource = object.path("subresource").asText("");
    return new Call(
        event.path("user").path("username").asText(),
        event.path("verb").asText(),
        object.path("resource").asText("") + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("namespace").asText(""),
        object.path("name").asText(""),
        event.path("requestURI").asText());
  }
}
