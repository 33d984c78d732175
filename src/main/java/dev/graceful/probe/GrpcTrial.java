package dev.graceful.probe;

import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.ReadinessCheck.Grpc;
import dev.graceful.http.GrpcHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

/** A gRPC health check, as the kubelet makes it. */
final class GrpcTrial {

  private GrpcTrial() {}

  /** The end of a sentence; empty: the server is healthy. */
  static Future<String> answer(
      HttpClient client, RequestOptions server, ReadinessCheck check, Grpc grpc) {
    RequestOptions options =
        server
            .setMethod(HttpMethod.POST)
            .setURI("/grpc.health.v1.Health/Check")
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc")
            .putHeader("te", "trailers")
            .putHeader("grpc-timeout", check.timeoutSeconds() + "S");
    return client
        .request(options)
        .compose(request -> request.send(GrpcHealth.request(grpc.service())))
        .compose(
            response -> {
              if (response.statusCode() != 200) {
                return Future.succeededFuture(
                    "answered with the HTTP status " + response.statusCode() + ": no gRPC server");
              }
              return ReadinessTrialRunner.read(response)
                  .map(
                      body -> {
                        // An answer of trailers alone has them where others have their headers.
                        String inTrailers = response.getTrailer("grpc-status");
                        return GrpcHealth.answer(
                            inTrailers == null ? response.getHeader("grpc-status") : inTrailers,
                            body.getBytes());
                      });
            });
  }
}
