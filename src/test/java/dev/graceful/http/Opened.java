package dev.graceful.http;

import dev.graceful.http.ScriptedServer.Script;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened, and is closed after it: clients before the servers. */
public final class Opened implements AfterEachCallback {

  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  public ScriptedServer plain(Script script) throws IOException {
    return server(ScriptedServer.plain(script));
  }

  public ScriptedServer tls(Script script) throws Exception {
    return server(ScriptedServer.tls(script));
  }

  public <T extends AutoCloseable> T client(T client) {
    all.addFirst(client);
    return client;
  }

  private ScriptedServer server(ScriptedServer server) {
    all.addLast(server);
    return server;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (AutoCloseable each : all) {
      each.close();
    }
  }
}
