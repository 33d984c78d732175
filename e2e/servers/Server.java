import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** The JDK's own server; its one argument says how it ends. */
final class Server {

  private static final int PROPAGATION_MILLIS = 5_000;
  private static final int ANNOUNCED_MILLIS = 2_000;
  private static final int DRAIN_SECONDS = 10;
  private static final int FLUSH_MILLIS = 100;
  private static final byte[] BODY = {'{', '}', '\n'};

  private static final PrintWriter ACCESS =
      new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));

  private static volatile boolean leaving;

  private final String servedBy;

  private Server(String servedBy) {
    this.servedBy = servedBy;
  }

  public static void main(String[] arguments) throws Exception {
    String end = arguments[0];
    int port = Integer.parseInt(Objects.requireNonNullElse(System.getenv("PORT"), "8080"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", new Server(InetAddress.getLocalHost().getHostName())::serve);
    if (!end.equals("nothing")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        if (end.equals("wait")) {
          sleep(PROPAGATION_MILLIS);
          leaving = true;
          sleep(ANNOUNCED_MILLIS);
        }
        server.stop(DRAIN_SECONDS);
        ACCESS.flush();
      }));
    }
    server.start();
    while (true) {
      sleep(FLUSH_MILLIS);
      ACCESS.flush();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    long came = System.currentTimeMillis();
    String path = exchange.getRequestURI().getPath();
    exchange.getRequestBody().readAllBytes();
    int status = switch (path) {
      case "/query" -> {
        sleep(ThreadLocalRandom.current().nextInt(20, 50));
        yield 200;
      }
      case "/ready" -> 200;
      default -> 404;
    };
    exchange.getResponseHeaders().set("Served-By", servedBy);
    if (leaving) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.sendResponseHeaders(status, BODY.length);
    exchange.getResponseBody().write(BODY);
    exchange.close();
    ACCESS.printf("access\t%d\t%s\t%s\t%s\t%d\t%s%n", came, caller(exchange.getRequestHeaders().getFirst("User-Agent")),
        exchange.getRequestMethod(), path, status, exchange.getRemoteAddress().toString().replaceFirst(".*/", ""));
  }

  private static String caller(String agent) {
    if (agent == null) {
      return "other";
    }
    return agent.startsWith("graceful-operator/") ? "operator" : agent.startsWith("kube-probe/") ? "kubelet" : "other";
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
