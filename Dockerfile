# The operator's image, made of nothing but this checkout and the two base images:
#   docker build -t localhost/graceful-operator:0.1.0 .
# The Java runtime and how it is started are those of `make image`. It builds for amd64 and arm64 (--platform).
# A release pins both base images by their digests as well.
ARG BUILD_IMAGE=docker.io/library/maven:3.9.11-eclipse-temurin-25
ARG RUNTIME_IMAGE=gcr.io/distroless/base-nossl-debian12:latest

# No class file depends on the processor, so they are compiled on the builder's own.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS jars
WORKDIR /operator
COPY pom.xml ./
COPY src/main src/main
# The tests want a Helm and a cluster: `make verify` runs them.
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp package -Dmaven.test.skip=true -Dspotless.check.skip

FROM ${BUILD_IMAGE} AS runtime
COPY src/main/docker/jlink.sh /
RUN /jlink.sh "$JAVA_HOME" /opt/java-linked

FROM ${RUNTIME_IMAGE}
COPY --from=runtime /opt/java-linked /opt/java
# The libraries change less often than the operator's own classes, so they are a layer of their own.
COPY --from=jars /operator/target/quarkus-app/lib /app/lib
COPY --from=jars /operator/target/quarkus-app /app
COPY src/main/docker/java.options /app/
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
WORKDIR /app
ENTRYPOINT ["/opt/java/bin/java", "@/app/java.options"]
