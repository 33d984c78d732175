package dev.graceful.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.ProbedPort;
import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.evidence.Unready;
import dev.graceful.facts.Exit;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.UnfitPath;
import dev.graceful.judge.ContainerEnd.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of the folder {@code judge}: one termination, line by line, and what has to come of it.
 *
 * <pre>
 * # The story, in one line.
 * pod: grace 36, sleep 6, propagation 5, readiness probe, GET /query &lt;= 40 ms
 *     40 left
 *   2000 connect Answered
 *   6090 request Answered, out until 6130, ended 6130
 *   8000 exited 0 Completed
 * expect: Graceful, rests on Requests, served 6041, refused -, margin 6001, drain 1600
 * finding: {finding: Graceful, marginMillis: 6001, path: /query, usualMillis: 40}
 * </pre>
 *
 * <p>The end of a container that is not named is that of {@code app}, which serves, and findings do
 * not name it. Other containers have lines such as {@code 8000 beside dbproxy, helps, 2 Error}.
 *
 * <p>Port 8080 of the Service web is asked. Other ports have words such as {@code port 8081 of
 * admin} or, for one that never accepted a connection, {@code unreached port 9090 of metrics}, and
 * lines such as {@code 40 connect Refused on 8081}.
 *
 * <p>The numbers at the beginning are milliseconds since the deletion was seen. A line or a word
 * that is not known fails.
 */
record TerminationStory(String story, Timeline timeline, Expected expected) {

  /** The container that stories and their findings do not name. */
  static final String THE_CONTAINER = "app";

  /** What the judge has to say. */
  record Expected(
      String verdict,
      List<JsonNode> findings,
      @Nullable Long lastServedMillis,
      @Nullable Long refusedMillis,
      @Nullable Long marginMillis,
      RestsOn restsOn,
      List<String> hints,
      @Nullable Long drainMillis) {}

  static TerminationStory read(Path file) throws IOException {
    var reader = new Reader();
    for (String line : Files.readAllLines(file)) {
      try {
        reader.take(line);
      } catch (RuntimeException | IOException e) {
        throw new IOException(file.getFileName() + ": " + line, e);
      }
    }
    return reader.story();
  }

  /** What has been read so far. */
  private static final class Reader {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern EVENT = Pattern.compile(" *(-?\\d+) (\\w+)(?:,? (.*))?");
    private static final Pattern GET = Pattern.compile("GET (\\S+) <= (\\d+) ms( for readiness)?");
    private static final Pattern UNFIT =
        Pattern.compile("unfit GET (\\S+)( for readiness)? answered (\\d+)");
    private static final Pattern REQUEST =
        Pattern.compile("(\\w+), out until (-?\\d+), ended (-?\\d+)");
    private static final Pattern IDLE = Pattern.compile("(?:closed (\\d+))?(?:, )?(announced)?");
    private static final Pattern EXIT =
        Pattern.compile("(-?\\d+) (\\S+?)(?:, by its status after (\\d+) s)?");
    private static final Pattern BESIDE = Pattern.compile("(\\S+), (helps|serves|may serve), (.*)");
    private static final Pattern PORT = Pattern.compile("(unreached )?port (\\d+) of (\\S+)");
    private static final int ASKED_PORT = 8080;
    private static final Pattern EXPECT =
        Pattern.compile(
            "(\\w+), rests on (\\w+), served (\\S+), refused (\\S+), margin (\\S+), drain (\\S+)");

    private String story = "";
    private Cause cause = Cause.Rollout;
    private long grace;
    private long fullGrace;
    private @Nullable Long leastGrace;
    private int sleep;
    private int propagation;
    private boolean customPreStop;
    private @Nullable Long hook;
    private boolean readinessProbe;
    private @Nullable String proxy;
    private @Nullable ProbedPath asked;
    private @Nullable UnfitPath unfit;
    private boolean everReady = true;
    private boolean exposed = true;
    private @Nullable Long absent;
    private long notReady;
    private Verification verification = Verification.Reached;
    private boolean last;
    private @Nullable FailedHook hookFailed;
    private Role role = Role.Serves;
    private @Nullable String endedByNode;
    private @Nullable Unseen unseen;
    private @Nullable Long left;
    private @Nullable Long unready;
    private @Nullable SigtermWindow sigterm;
    private @Nullable Long ended;
    private final List<ContainerEnd> containers = new ArrayList<>();
    private final SortedMap<Integer, List<ConnectionAttempt>> attempts = new TreeMap<>();
    private final List<ProbedPort> otherPorts = new ArrayList<>();
    private final List<KeepAliveRequest> requests = new ArrayList<>();
    private @Nullable IdleConnection idle;
    private final List<BlindSpot> blindSpots = new ArrayList<>();
    private @Nullable Matcher expect;
    private final List<JsonNode> findings = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();

    void take(String line) throws IOException {
      if (line.startsWith("# ")) {
        story = line.substring(2);
      } else if (line.startsWith("pod: ")) {
        List.of(line.substring(5).split(", ", -1)).forEach(this::word);
      } else if (line.startsWith("expect: ")) {
        expect = matching(EXPECT, line.substring(8));
      } else if (line.startsWith("finding: ")) {
        findings.add(YAML.readTree(line.substring(9)));
      } else if (line.startsWith("hint: ")) {
        hints.add(line.substring(6));
      } else {
        Matcher event = matching(EVENT, line);
        event(
            Long.parseLong(event.group(1)),
            event.group(2),
            event.group(3) == null ? "" : event.group(3));
      }
    }

    private void word(String word) {
      if (word.startsWith("grace shortened to ")) {
        leastGrace = Long.valueOf(word.substring(19));
      } else if (word.startsWith("grace ")) {
        String[] numbers = word.substring(6).split(" of ", -1);
        grace = Long.parseLong(numbers[0]);
        fullGrace = Long.parseLong(numbers[numbers.length - 1]);
      } else if (word.startsWith("sleep ")) {
        sleep = Integer.parseInt(word.substring(6));
      } else if (word.startsWith("hook of ")) {
        customPreStop = true;
        hook = Long.valueOf(word.substring(8).replace(" ms", ""));
      } else if (word.startsWith("not ready for ")) {
        notReady = Long.parseLong(word.substring(14).replace(" ms", ""));
      } else if (word.startsWith("in no slice ready for ")) {
        absent = Long.valueOf(word.substring(22).replace(" ms", ""));
      } else if (word.startsWith("hook failed in ")) {
        String[] hook = word.substring(15).split(" which ", -1);
        hookFailed = new FailedHook(hook[0], role(hook[1]));
      } else if (word.startsWith("propagation ")) {
        propagation = Integer.parseInt(word.substring(12));
      } else if (word.startsWith("proxy ")) {
        proxy = word.substring(6);
      } else if (word.startsWith("ended by node ")) {
        endedByNode = word.substring(14);
      } else if (word.startsWith("unseen ")) {
        unseen = Unseen.valueOf(word.substring(7));
      } else if (word.contains("port ") && word.contains(" of ")) {
        Matcher port = matching(PORT, word);
        otherPorts.add(
            new ProbedPort(
                Integer.parseInt(port.group(2)), List.of(port.group(3)), port.group(1) == null));
      } else if (word.startsWith("unfit GET ")) {
        Matcher get = matching(UNFIT, word);
        unfit = new UnfitPath(get.group(1), get.group(2) != null, Integer.parseInt(get.group(3)));
      } else if (word.startsWith("GET ")) {
        Matcher get = matching(GET, word);
        asked = new ProbedPath(get.group(1), get.group(3) != null, Long.parseLong(get.group(2)));
      } else {
        flag(word);
      }
    }

    private void flag(String word) {
      switch (word) {
        case "custom preStop" -> customPreStop = true;
        case "readiness probe" -> readinessProbe = true;
        case "never ready" -> everReady = false;
        case "not exposed" -> exposed = false;
        case "the last of its Service" -> last = true;
        case "hook failed" -> hookFailed = new FailedHook(THE_CONTAINER, Role.Serves);
        case "no port declared" -> role = Role.MayServe;
        case "Deletion", "Other", "Eviction", "ScaleIn" -> cause = Cause.valueOf(word);
        default -> verification = Verification.valueOf(word);
      }
    }

    private void event(long at, String kind, String rest) {
      switch (kind) {
        case "left" -> {
          left = at;
          last = !rest.isEmpty();
        }
        case "connect" -> {
          String[] words = rest.split(" on ", -1);
          attemptsAt(words.length == 1 ? ASKED_PORT : Integer.parseInt(words[1]))
              .add(new ConnectionAttempt(at, ConnectOutcome.valueOf(words[0])));
        }
        case "request" -> {
          Matcher request = matching(REQUEST, rest);
          requests.add(
              new KeepAliveRequest(
                  at,
                  Long.parseLong(request.group(2)),
                  Long.parseLong(request.group(3)),
                  RequestFate.valueOf(request.group(1))));
        }
        case "idle" -> {
          Matcher it = matching(IDLE, rest);
          idle = new IdleConnection(at, number(it.group(1)), it.group(2) != null);
        }
        case "unready" -> unready = at;
        case "SIGTERM" -> sigterm = new SigtermWindow(at, after(rest, "or until "));
        case "blind" -> blindSpots.add(new BlindSpot(at, after(rest, "until ")));
        case "gone" -> ended = at;
        case "exited" -> {
          ended = at;
          containers.addFirst(new ContainerEnd(THE_CONTAINER, role, exit(rest)));
        }
        case "beside" -> {
          Matcher it = matching(BESIDE, rest);
          containers.add(new ContainerEnd(it.group(1), role(it.group(2)), exit(it.group(3))));
        }
        default -> throw new IllegalArgumentException("no such event: " + kind);
      }
    }

    private List<ConnectionAttempt> attemptsAt(int port) {
      return attempts.computeIfAbsent(port, p -> new ArrayList<>());
    }

    private Ports ports() {
      return new Ports(
          new ProbedPort(ASKED_PORT, List.of("web"), verification == Verification.Reached),
          otherPorts.stream()
              .map(port -> new Ports.Other(port, attemptsAt(port.number())))
              .toList(),
          0,
          false);
    }

    private static Exit exit(String text) {
      Matcher exit = matching(EXIT, text);
      String reason = exit.group(2).equals("-") ? "" : exit.group(2);
      int code = Integer.parseInt(exit.group(1));
      // Only Windows has negative ones.
      return new Exit(code, reason, number(exit.group(3)), code >= 0);
    }

    private static Role role(String text) {
      return switch (text) {
        case "helps" -> Role.Helps;
        case "may serve" -> Role.MayServe;
        default -> Role.Serves;
      };
    }

    TerminationStory story() {
      Matcher it = expect;
      if (it == null) {
        throw new IllegalArgumentException("nothing is expected");
      }
      return new TerminationStory(
          story,
          timeline(),
          new Expected(
              it.group(1),
              findings,
              number(it.group(3)),
              number(it.group(4)),
              number(it.group(5)),
              RestsOn.valueOf(it.group(2)),
              hints,
              number(it.group(6))));
    }

    private Timeline timeline() {
      return new Timeline(
          new PodRef("shop", "web-1", "u-1"),
          cause,
          new Timeline.Template(
              sleep, hook == null ? sleep * 1_000L : hook, customPreStop, readinessProbe, proxy),
          grace,
          GraceCut.of(grace, leastGrace == null ? grace : leastGrace, fullGrace),
          propagation,
          verification,
          asked,
          ports(),
          unfit,
          everReady,
          exposed,
          absent == null ? null : new Unready(absent, notReady),
          left,
          last,
          unready,
          sigterm,
          hookFailed,
          ended == null ? null : new Ending(ended, containers),
          endedByNode,
          attemptsAt(ASKED_PORT),
          requests,
          idle,
          blindSpots,
          unseen);
    }

    private static Matcher matching(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("expected " + pattern);
      }
      return matcher;
    }

    private static long after(String text, String words) {
      if (!text.startsWith(words)) {
        throw new IllegalArgumentException("expected " + words);
      }
      return Long.parseLong(text.substring(words.length()));
    }

    private static @Nullable Long number(@Nullable String text) {
      return text == null || text.equals("-") ? null : Long.valueOf(text);
    }
  }
}
