package dev.graceful.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * How the app under test ends. Only the harness knows; the API shows an opaque id.
 *
 * @param patternName as the apps' own list has it
 */
record Pattern(String patternName) {

  static final Pattern TEXTBOOK = new Pattern("textbook");
  static final Pattern DRAIN = new Pattern("drain");

  private static final Path IDS = Path.of("e2e", "apps", "ids.json");

  String appId() {
    try {
      for (var id : new ObjectMapper().readTree(IDS.toFile()).properties()) {
        if (id.getValue().asText().equals(patternName)) {
          return id.getKey();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("run from the top of the checkout", e);
    }
    throw new IllegalStateException(IDS + " has no id for the pattern " + patternName);
  }
}
