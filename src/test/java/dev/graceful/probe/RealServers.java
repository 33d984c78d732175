package dev.graceful.probe;

import dev.graceful.evidence.RequestFate;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.IdleConnection;
import dev.graceful.judge.Judge;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.Timeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Not a test: plays a termination to a server of any kind on this machine, and prints what the
 * probe saw of it and how it is judged.
 *
 * <p>Arguments: the signal (TERM, QUIT), how many milliseconds the path takes (for the words only),
 * how often, and the command, in which {@code PORT} stands for the port.
 */
final class RealServers {

  private static final int PROPAGATION_SECONDS = 1;
  private static final int SLEEP_SECONDS = 2;
  private static final int GRACE_SECONDS = 30;
  private static final Duration STARTING = Duration.ofSeconds(20);
  private static final Duration ENDING = Duration.ofSeconds(20);
  private static final Random RANDOM = new Random();

  private RealServers() {}

  public static void main(String[] args) throws Exception {
    int times = Integer.parseInt(args[2]);
    List<String> command = List.of(args).subList(3, args.length);
    for (int i = 0; i < times; i++) {
      System.out.println(play(args[0], args[1], command));
    }
    System.exit(0);
  }

  private static String play(String signal, String path, List<String> command) throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process server =
        new ProcessBuilder(
                command.stream().map(word -> word.replace("PORT", String.valueOf(port))).toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var termination =
        new OneTermination(
            port, false, "/ready", PROPAGATION_SECONDS, SLEEP_SECONDS, GRACE_SECONDS)) {
      awaitListener(port);
      // What has just started is slow.
      Thread.sleep(500);
      termination.ready();
      termination.deleted();
      Thread.sleep(50);
      termination.taken();
      Thread.sleep(Duration.ofSeconds(SLEEP_SECONDS).plusMillis(RANDOM.nextInt(-20, 80)));
      long sigterm = System.nanoTime();
      new ProcessBuilder("kill", "-" + signal, String.valueOf(server.pid())).start().waitFor();
      boolean ended = server.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sigterm);
      if (!ended) {
        server.destroyForcibly().waitFor();
      }
      // What the last requests said is written down by then.
      Thread.sleep(50);
      Timeline timeline = termination.exited(server.exitValue());
      return path + " " + describe(timeline, took) + " exit " + server.exitValue();
    } finally {
      server.destroyForcibly();
    }
  }

  private static String describe(Timeline timeline, long tookMillis) {
    Map<Object, Long> fates =
        timeline.keepAliveRequests().stream()
            .collect(
                Collectors.groupingBy(KeepAliveRequest::fate, TreeMap::new, Collectors.counting()));
    List<String> ends =
        timeline.keepAliveRequests().stream()
            .filter(e -> e.fate() == RequestFate.Cut || e.fate() == RequestFate.Reset)
            .map(e -> e.fate() + " out " + e.outMillis() + " ms")
            .toList();
    Map<Object, Long> connectionAttempts =
        timeline.connectionAttempts().stream()
            .collect(
                Collectors.groupingBy(
                    ConnectionAttempt::outcome, TreeMap::new, Collectors.counting()));
    IdleConnection idle = timeline.idleConnection();
    SigtermWindow sigterm = timeline.sigterm();
    long usual = timeline.asked() == null ? -1 : timeline.asked().usualMillis();
    return String.join(
        " | ",
        "usual " + usual,
        fates.toString(),
        ends.toString(),
        "idle "
            + (idle == null
                ? "none"
                : idle.closedMillis() == null
                    ? "held"
                    : "closed "
                        + (sigterm == null
                            ? ""
                            : (idle.closedMillis() - sigterm.latestMillis()) + " after latest")),
        "connections " + connectionAttempts,
        "exit after " + tookMillis,
        Judge.judge(timeline).verdict().toString());
  }

  private static void awaitListener(int port) throws IOException, InterruptedException {
    long until = System.nanoTime() + STARTING.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - until > 0) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
