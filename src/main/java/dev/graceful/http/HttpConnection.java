package dev.graceful.http;

import dev.graceful.http.Attempt.NotOpen;
import dev.graceful.http.Attempt.Open;
import dev.graceful.http.Channel.Unanswered;
import dev.graceful.http.Reply.Answer;
import dev.graceful.http.Reply.End;
import dev.graceful.http.Reply.Ended;
import dev.graceful.http.Reply.NoAnswer;
import dev.graceful.http.Reply.NotHttp;
import dev.graceful.http.ResponseDecoder.Unreadable;
import dev.graceful.http.ResponseReader.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a client. A library would say that something failed; this class says how. For
 * one thread, a virtual one: it blocks.
 */
public final class HttpConnection implements AutoCloseable {

  private final Server server;
  private final Caller caller;
  private final Channel channel;
  private final ResponseReader responses;

  /** What became of a connection while no request was out. */
  public enum Quiet {
    /** The time is over, or the client let go. */
    Kept,
    /** The server ended the connection. */
    Closed
  }

  private HttpConnection(Server server, Caller caller, Channel channel) {
    this.server = server;
    this.caller = caller;
    this.channel = channel;
    this.responses = new ResponseReader(channel);
  }

  /**
   * Connects, and makes the TLS handshake where the server is asked over TLS.
   *
   * @param timeout for each of the two
   * @return never null; whatever goes wrong is an obstacle
   */
  public static Attempt open(Server server, Duration timeout, Caller caller) {
    var tcp = new Socket();
    long took;
    try {
      took = Channel.connect(tcp, server, timeout, caller.nanoClock());
    } catch (IOException | IllegalArgumentException e) {
      abandon(tcp);
      return new NotOpen(ConnectFailure.connecting(e));
    }
    try {
      var channel = Channel.over(tcp, server, timeout, caller.nanoClock(), took);
      return new Open(new HttpConnection(server, caller, channel), took);
    } catch (IOException e) {
      abandon(tcp);
      return new NotOpen(ConnectFailure.shakingHands(e));
    }
  }

  /**
   * Sends a GET and reads the response.
   *
   * @param path as in a URL; characters that a request line cannot hold are escaped
   * @param last whether to tell the server that no other request follows
   * @return never null; whatever goes wrong is a reply
   */
  public Reply get(String path, boolean last, Patience patience) {
    try {
      channel.write(Request.get(server, caller.userAgent(), path, last));
    } catch (IOException e) {
      // The connection had ended before there was a request.
      long now = channel.now();
      return new Ended(End.Reset, now, now, now);
    }
    long sent = channel.sentNanos();
    try {
      return answer(responses.read(patience), sent);
    } catch (Unanswered e) {
      return new NoAnswer(sent);
    } catch (Unreadable e) {
      return new NotHttp();
    } catch (EOFException e) {
      long heard = channel.now();
      return ended(channel.isHeard() || !channel.resetFollows() ? End.Closed : End.Reset, heard);
    } catch (IOException e) {
      return Thread.currentThread().isInterrupted()
          // The end is our own.
          ? new NoAnswer(sent)
          : ended(End.Reset, channel.now());
    }
  }

  private Answer answer(Response response, long sentNanos) {
    return new Answer(
        response.status(),
        response.closing(),
        response.whole(),
        response.whole() && !response.closing(),
        response.proxy(),
        sentNanos,
        channel.outNanos(),
        channel.now());
  }

  /**
   * The end of the connection instead of the response.
   *
   * @param end how it would be called had no byte come
   */
  private Ended ended(End end, long heardNanos) {
    return new Ended(
        channel.isHeard() ? End.InAnswer : end,
        channel.sentNanos(),
        channel.outNanos(),
        heardNanos);
  }

  /**
   * Waits while no request is out, and looks once even if the time is over already. Bytes that a
   * server sends unasked count as the end of the connection.
   */
  public Quiet stayQuiet(Patience patience) {
    try {
      if (!responses.hasUnread()) {
        long atLeast = channel.now() + TimeUnit.MILLISECONDS.toNanos(1);
        responses.fill(
            patience.untilNanos() - atLeast > 0
                ? patience
                : new Patience(atLeast, patience.letGo(), 1));
      }
      return Quiet.Closed;
    } catch (Unanswered e) {
      return Quiet.Kept;
    } catch (IOException e) {
      return Thread.currentThread().isInterrupted() ? Quiet.Kept : Quiet.Closed;
    }
  }

  /** Ends the connection with a FIN. */
  @Override
  public void close() {
    channel.close();
    responses.close();
  }

  private static void abandon(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost with it.
    }
  }
}
