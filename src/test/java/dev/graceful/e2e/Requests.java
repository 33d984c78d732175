package dev.graceful.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the operator asks of the API server, by the audit log of the project's own cluster. */
final class Requests {

  private static final Path LOG = Path.of("build", "cluster", "log", "audit.log");
  private static final String OPERATOR =
      "\"username\":\"system:serviceaccount:"
          + Installation.NAMESPACE
          + ":"
          + Installation.RELEASE
          + "\"";

  private Requests() {}

  /** Somebody else's cluster keeps its log to itself. */
  static boolean areKnown() {
    return Cluster.isOwn() && Files.exists(LOG);
  }

  /** The operator's requests so far, dry runs too, that are about one Deployment or its status. */
  static List<String> about(App app) {
    var path =
        Pattern.compile(
            "\"requestURI\":\"/apis/apps/v1/namespaces/%s/deployments/%s[/?\"]"
                .formatted(app.namespace(), app.name()));
    try (Stream<String> lines = Files.lines(LOG)) {
      return lines.filter(line -> line.contains(OPERATOR) && path.matcher(line).find()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
