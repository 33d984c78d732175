package dev.graceful.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the Helm that the end-to-end tests use. */
final class Helm {

  /** Far longer than anything takes that comes to its end, on a slow machine as well. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  static final Path CHART = Path.of("helm", "graceful-operator");

  /**
   * To be named with {@code --api-versions}: what newer clusters serve, and Helm does not assume.
   */
  static final String MUTATING_ADMISSION_POLICY =
      "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";

  /** What the chart has no default for. */
  static final List<String> IMAGE =
      List.of("--set", "image.repository=registry.example/graceful-operator");

  private Helm() {}

  /** What a command printed, and how it ended. */
  record Answer(int code, String out, String errors) {}

  /** Renders the chart as a release named graceful-operator in the namespace graceful-system. */
  static Manifest template(String... options) {
    Answer answer = tryTemplate(options);
    if (answer.code() != 0) {
      throw new AssertionError("helm template refused:\n" + answer.errors());
    }
    return Manifest.parse(answer.out());
  }

  /** Renders the chart, or says why not. */
  static Answer tryTemplate(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "template",
                "graceful-operator",
                CHART.toString(),
                "--namespace",
                "graceful-system"));
    command.addAll(IMAGE);
    command.addAll(List.of(options));
    return run(command);
  }

  /** Runs Helm with the command and the image that the chart wants. */
  static Answer runWithImage(String... command) {
    return run(Stream.concat(Stream.of(command), IMAGE.stream()).toList());
  }

  /** Runs Helm, for half a minute at most. */
  static Answer run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(binary().toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    // No test may reach the cluster that the developer happens to be connected to.
    builder.environment().put("KUBECONFIG", "/dev/null");
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Process process = builder.start();
      process.getOutputStream().close();
      // Both at the same time, as a full pipe would stop Helm.
      var out =
          readers.submit(
              () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      var errors =
          readers.submit(
              () -> new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
        throw new AssertionError(
            "helm " + arguments + " did not end within " + PATIENCE.toMinutes() + " min");
      }
      return new Answer(process.exitValue(), out.get(), errors.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path binary() {
    return named(System.getProperty("helm"))
        .or(() -> named(System.getenv("HELM")))
        .or(Helm::newestBuilt)
        .filter(Files::isExecutable)
        .orElseThrow(
            () ->
                new AssertionError(
                    "These tests need Helm: run e2e/cluster/build.sh, which builds it, or name one"
                        + " with -Dhelm=PATH"));
  }

  private static Optional<Path> named(@Nullable String path) {
    return Optional.ofNullable(path).filter(p -> !p.isBlank()).map(Path::of);
  }

  /** Where e2e/cluster/build.sh leaves it, in a folder for each version of the tools. */
  private static Optional<Path> newestBuilt() {
    Path cache =
        named(System.getenv("GRACEFUL_CACHE"))
            .or(
                () ->
                    named(System.getenv("XDG_CACHE_HOME")).map(p -> p.resolve("graceful-operator")))
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache/graceful-operator"));
    if (!Files.isDirectory(cache)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(cache)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("tools-"))
          .map(folder -> folder.resolve("helm"))
          .filter(Files::isExecutable)
          .max(Comparator.comparing(Helm::modified));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
