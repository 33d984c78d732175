package dev.graceful.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of many runs, each in a file of its own, so that an interrupted series goes on where it
 * was.
 */
record Rows(Path folder) {

  static final ObjectMapper JSON =
      new ObjectMapper()
          .findAndRegisterModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT);
  private static final String DONE = ".run.json";

  /** Empty if that run has not come to its end yet. */
  Optional<CaseRun.Outcome> outcome(String run) {
    Path file = file(run);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /** Keeps what came of a run, as a whole or not at all. */
  void keep(String run, CaseRun.Outcome outcome) {
    write(file(run), outcome);
  }

  /** Of all runs. */
  List<CaseRun.Outcome> all() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.toString().endsWith(DONE)).sorted().map(Rows::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes something as JSON, as a whole or not at all. */
  static void write(Path file, Object value) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, null, ".part");
      JSON.writeValue(unfinished.toFile(), value);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String run) {
    return folder.resolve(run + DONE);
  }

  private static CaseRun.Outcome read(Path file) {
    try {
      return JSON.readValue(file.toFile(), CaseRun.Outcome.class);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " is damaged: delete it, and that run is done again", e);
    }
  }
}
