package dev.graceful.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that users would run: the real ones. */
final class CommandLine {

  private CommandLine() {}

  /** Returns what it printed; fails with that if it did not succeed. */
  static String run(List<String> command, String input) {
    return run(new ProcessBuilder(command), input);
  }

  /** As if somebody had typed the lines into a terminal there; the first that fails ends them. */
  static String type(String lines, Path folder, Map<String, String> environment) {
    var shell =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines).directory(folder.toFile());
    shell.environment().putAll(environment);
    return run(shell, "");
  }

  private static String run(ProcessBuilder builder, String input) {
    List<String> command = builder.command();
    try {
      Path inputFile = Files.createTempFile("graceful-e2e", ".in");
      try {
        Files.writeString(inputFile, input);
        Process process =
            builder.redirectErrorStream(true).redirectInput(inputFile.toFile()).start();
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
