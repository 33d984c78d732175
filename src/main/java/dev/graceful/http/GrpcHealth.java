package dev.graceful.http;

import io.vertx.core.buffer.Buffer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two messages of the call grpc.health.v1.Health/Check. They have one field each: too little
 * for a library.
 */
public final class GrpcHealth {

  /** Field 1, of the wire type that has a length. */
  private static final byte SERVICE_TAG = 1 << 3 | 2;

  /** Field 1, a varint. */
  private static final int STATUS_TAG = 1 << 3;

  private static final int OK = 0;
  private static final int NOT_FOUND = 5;
  private static final int UNIMPLEMENTED = 12;
  private static final List<String> CODES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private static final int SERVING = 1;
  private static final List<String> STATUSES =
      List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

  private static final String UNREADABLE = "got an answer that is no HealthCheckResponse";

  private GrpcHealth() {}

  /** The question, in gRPC's frame. */
  public static Buffer request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    Buffer message = Buffer.buffer();
    if (name.length > 0) {
      message.appendByte(SERVICE_TAG);
      appendVarint(message, name.length);
      message.appendBytes(name);
    }
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
  }

  /**
   * What the server said, as the end of a sentence.
   *
   * @param grpcStatus as the server sent it; null: it sent none
   * @param body the answer in gRPC's frame; read only where the status is OK
   * @return empty: SERVING
   */
  public static String answer(@Nullable String grpcStatus, byte[] body) {
    int code =
        grpcStatus != null && grpcStatus.matches("1?[0-9]") ? Integer.parseInt(grpcStatus) : -1;
    return switch (code) {
      case OK -> health(ByteBuffer.wrap(body));
      case NOT_FOUND -> "answered NOT_FOUND: the server's health service has no such service";
      case UNIMPLEMENTED -> "answered UNIMPLEMENTED: the server has no grpc.health.v1.Health";
      default ->
          code < 0 || code >= CODES.size()
              ? "got an answer that is not gRPC"
              : "answered " + CODES.get(code);
    };
  }

  private static String health(ByteBuffer frame) {
    try {
      boolean compressed = frame.get() != 0;
      int length = frame.getInt();
      if (compressed || length != frame.remaining()) {
        return UNREADABLE;
      }
      // The schema has no other field, and proto3 leaves out a status of 0.
      int status = 0;
      while (frame.hasRemaining()) {
        if (frame.get() != STATUS_TAG) {
          return UNREADABLE;
        }
        status = frame.get();
      }
      if (status == SERVING) {
        return "";
      }
      return status < 0 || status >= STATUSES.size()
          ? UNREADABLE
          : "answered " + STATUSES.get(status);
    } catch (BufferUnderflowException e) {
      return UNREADABLE;
    }
  }

  private static void appendVarint(Buffer to, int value) {
    int rest = value;
    while (rest > 0x7f) {
      to.appendByte((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    to.appendByte((byte) rest);
  }
}
