package dev.graceful.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rows of many runs, each in a file of its own, so that an interrupted series goes on where it
 * was.
 */
record Rows(Path folder) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String ROW = ".row.json";

  /** Empty if that run has not come to its end yet. */
  Optional<Row> row(String caseName, int number) {
    Path file = file(caseName, number);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /** Keeps what came of a run, and what is to be told of it. */
  void keep(int number, CaseRun.Outcome outcome) {
    String caseName = outcome.row().caseName();
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(caseName + "." + number + ".txt"), outcome.told());
      // As a whole or not at all: it says that the run is done.
      Path unfinished = Files.createTempFile(folder, caseName, ".part");
      JSON.writeValue(unfinished.toFile(), outcome.row());
      Files.move(unfinished, file(caseName, number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is to be told of a run. */
  String told(String caseName, int number) {
    try {
      return Files.readString(folder.resolve(caseName + "." + number + ".txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes all rows as one list. */
  void joinInto(Path file) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Row> rows =
          files.filter(each -> each.toString().endsWith(ROW)).sorted().map(Rows::read).toList();
      Files.createDirectories(file.getParent());
      JSON.writeValue(file.toFile(), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String caseName, int number) {
    return folder.resolve(caseName + "." + number + ROW);
  }

  private static Row read(Path file) {
    try {
      return JSON.readValue(file.toFile(), Row.class);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " is damaged: delete it, and that run is done again", e);
    }
  }
}
