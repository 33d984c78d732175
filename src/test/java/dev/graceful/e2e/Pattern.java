package dev.graceful.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * How an app under test ends. Only the harness knows; the API shows an opaque id.
 *
 * @param appId the id that makes it end so
 */
record Pattern(String appId) {

  static final Pattern TEXTBOOK = named("textbook");
  static final Pattern DRAIN = named("drain");

  private static final String IDS = "ids.json";

  /** One of the app in {@code e2e/apps}, by its name there. */
  static Pattern named(String pattern) {
    return find(Path.of("e2e", "apps", IDS), pattern, value -> value.asText().equals(pattern));
  }

  /** One of the servers in {@code e2e/servers}. */
  static Pattern of(String server, String end) {
    return find(
        Path.of("e2e", "servers", IDS),
        server + " " + end,
        value ->
            value.path("server").asText().equals(server) && value.path("end").asText().equals(end));
  }

  private static Pattern find(Path ids, String what, Predicate<JsonNode> wanted) {
    try {
      for (var id : new ObjectMapper().readTree(ids.toFile()).properties()) {
        if (wanted.test(id.getValue())) {
          return new Pattern(id.getKey());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("run from the top of the checkout", e);
    }
    throw new IllegalStateException(ids + " has no id for " + what);
  }
}
