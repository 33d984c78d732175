package dev.graceful.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that users would run: the real ones. */
final class CommandLine {

  private CommandLine() {}

  /** Returns what it printed; fails with that if it did not succeed. */
  static String run(List<String> command, String input) {
    try {
      Path inputFile = Files.createTempFile("graceful-e2e", ".in");
      try {
        Files.writeString(inputFile, input);
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(inputFile.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
          throw new IllegalStateException(
              String.join(" ", command) + " ended with exit code " + exitCode + ":\n" + output);
        }
        return output;
      } finally {
        Files.delete(inputFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static String run(String... command) {
    return run(List.of(command), "");
  }
}
