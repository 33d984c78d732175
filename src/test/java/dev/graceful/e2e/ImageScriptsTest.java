package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts that build and bring images, where a program is missing, or is one that only writes
 * down how it was called.
 */
class ImageScriptsTest {

  private static final Path SCRIPTS = Path.of("e2e", "images").toAbsolutePath();

  /** What the scripts need of any Linux. */
  private static final List<String> OF_EVERY_LINUX =
      List.of(
          "awk",
          "bash",
          "basename",
          "cat",
          "cut",
          "dirname",
          "env",
          "grep",
          "head",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "sort",
          "tail",
          "tar",
          "tr",
          "uname");

  @TempDir private Path folder;
  private Path programs;
  private Path calls;
  private Path archive;

  /** What a script said, and how it ended. */
  private record Answer(int code, String said) {}

  @BeforeEach
  void makeAPath() throws IOException {
    programs = Files.createDirectory(folder.resolve("bin"));
    calls = Files.createFile(folder.resolve("calls"));
    for (String program : OF_EVERY_LINUX) {
      program(program, "exec %s \"$@\"".formatted(found(program)));
    }
    archive = folder.resolve("graceful-operator.tar");
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(manifest, "[{\"RepoTags\": [\"localhost/graceful-operator:0.1.0\"]}]");
    CommandLine.run("tar", "-cf", archive.toString(), "-C", folder.toString(), "manifest.json");
  }

  @Test
  void whatMakeImageNeedsIsNamedLineByLineBeforeAnythingIsBuilt() throws IOException {
    Answer answer = run("operator.sh", Map.of("JAVA_HOME", "", "VERSION", "not a tag"));

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.said().lines())
        .allMatch(line -> line.startsWith("make image: "))
        .anyMatch(line -> line.contains("VERSION=not a tag"))
        .anyMatch(line -> line.contains("Maven (mvn) is missing: install 3.8.7 or newer"))
        .anyMatch(line -> line.contains("python3 is missing"))
        .anyMatch(line -> line.contains("ldd is missing"));
  }

  @Test
  void anOldMavenIsTooOldAndAnotherSystemHasNoLibrariesToGive() throws IOException {
    program("mvn", "echo 'Apache Maven 3.6.3 (cecedd343002696d0abb50b32b541b8a6ba2883f)'");
    program("uname", "echo Darwin");

    Answer answer = run("operator.sh", Map.of());

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.said())
        .contains("Maven 3.6.3 is too old: install 3.8.7 or newer")
        .contains("this is Darwin, and")
        .contains("'docker build .'");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "kind-shop, kind, kind load image-archive --name shop",
    "k3d-shop, k3d, k3d image import --cluster shop",
    "minikube, minikube, minikube --profile minikube image load",
    "docker-desktop, docker, docker load --input",
  })
  void eachKindOfClusterGetsItsImagesByItsOwnProgram(String context, String program, String call)
      throws IOException {
    recorded(program);

    Answer answer = load(context, Map.of());

    assertThat(answer.code()).as(answer.said()).isZero();
    assertThat(Files.readAllLines(calls)).endsWith(call + " " + archive);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "skopeo, skopeo copy --quiet docker-archive:ARCHIVE"
        + " docker://registry.example/a/graceful-operator:0.1.0",
    "crane, crane push ARCHIVE registry.example/a/graceful-operator:0.1.0",
  })
  void aRegistryGetsThemWhereOneIsNamed(String program, String call) throws IOException {
    recorded(program);

    Answer answer = load("kind-shop", Map.of("IMAGE_PREFIX", "registry.example/a/"));

    assertThat(answer.code()).as(answer.said()).isZero();
    assertThat(Files.readAllLines(calls))
        .containsExactly(call.replace("ARCHIVE", archive.toString()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"kind-shop", "minikube", "prod"})
  void whereNothingCanBringThemItSaysSoBeforeAnythingIsBuilt(String context) throws IOException {
    program("minikube", "exit 85");

    Answer answer = loadWith(context, Map.of(), "--check");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.said())
        .contains("nothing here can bring images to the nodes of '" + context + "'")
        .contains("IMAGE_PREFIX=")
        .contains("skopeo copy docker-archive:build/images/graceful-operator.tar docker://")
        .contains("IMAGES_LOADED=1");
  }

  @Test
  void aRegistryWithoutAProgramToPushIsNoWay() throws IOException {
    Answer answer = loadWith("kind-shop", Map.of("IMAGE_PREFIX", "registry.example"), "--check");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.said()).contains("neither skopeo nor crane");
  }

  @Test
  void whoBroughtThemThereIsBelieved() throws IOException {
    assertThat(loadWith("prod", Map.of("IMAGES_LOADED", "1"), "--check").code()).isZero();
    assertThat(load("prod", Map.of("IMAGES_LOADED", "1")).code()).isZero();
  }

  @Test
  void aProgramThatFailsStopsIt() throws IOException {
    program("kind", "echo 'no nodes found for cluster \"shop\"' >&2; exit 1");

    Answer answer = load("kind-shop", Map.of());

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.said()).contains("no nodes found").contains("kind load image-archive");
  }

  private Answer load(String context, Map<String, String> environment) throws IOException {
    return loadWith(context, environment, archive.toString());
  }

  private Answer loadWith(String context, Map<String, String> environment, String argument)
      throws IOException {
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig, "apiVersion: v1\ncurrent-context: " + context + "\nkind: Config\n");
    var all = new HashMap<>(environment);
    all.put("CLUSTER", "current");
    all.put("KUBECONFIG", kubeconfig.toString());
    return run("load.sh", all, argument);
  }

  private Answer run(String script, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("bash").toString());
    command.add(SCRIPTS.resolve(script).toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Nothing of the developer's own settings.
    builder.environment().clear();
    builder.environment().put("PATH", programs.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Answer(process.waitFor(), said);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void recorded(String program) throws IOException {
    program(program, "echo \"%s $*\" >>%s".formatted(program, calls));
  }

  private void program(String name, String lines) throws IOException {
    Files.writeString(programs.resolve(name), "#!" + found("bash") + "\n" + lines + "\n");
    Files.setPosixFilePermissions(
        programs.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path found(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(program + " is missing on this machine"));
  }
}
