package dev.graceful.owners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Runs the programs that owners use, against one cluster. */
final class Tools {

  /** What a program said, and how it ended. */
  record Said(int exitCode, String words) {

    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Each is a process of its own that wants a processor. */
  private static final Semaphore AT_ONCE = new Semaphore(4);

  private final Map<String, String> environment;

  private Tools(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Whatever they keep, they keep in a folder of their own.
   *
   * @param kept where they may keep what they know of the cluster
   */
  static Tools of(Path kubeconfig, Path kept) {
    return new Tools(
        Map.of(
            "KUBECONFIG", kubeconfig.toAbsolutePath().toString(),
            "KUBECACHEDIR", kept.resolve("kube").toAbsolutePath().toString(),
            "HELM_CACHE_HOME", kept.resolve("helm/cache").toAbsolutePath().toString(),
            "HELM_CONFIG_HOME", kept.resolve("helm/config").toAbsolutePath().toString(),
            "HELM_DATA_HOME", kept.resolve("helm/data").toAbsolutePath().toString()));
  }

  Said run(List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    boolean admitted = false;
    try {
      AT_ONCE.acquire();
      admitted = true;
      Process process = builder.start();
      process.getOutputStream().close();
      String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), words.strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      if (admitted) {
        AT_ONCE.release();
      }
    }
  }

  /** For what has to succeed: returns what it said. */
  String need(String... command) {
    Said said = run(List.of(command));
    if (!said.succeeded()) {
      throw new IllegalStateException(String.join(" ", command) + " failed:\n" + said.words());
    }
    return said.words();
  }
}
