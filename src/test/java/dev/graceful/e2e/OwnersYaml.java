package dev.graceful.e2e;

/**
 * What an owner would commit: a Deployment of one pod, and its Service.
 *
 * @param spec more fields of the Deployment's spec, each in flow style
 * @param container more fields of the container, each in flow style
 */
record OwnersYaml(String name, String spec, String container) {

  /** With a readiness probe, and nothing about how it ends. */
  static OwnersYaml of(String name) {
    return new OwnersYaml(
        name, "", "readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}");
  }

  OwnersYaml withSpec(String more) {
    return new OwnersYaml(name, more, container);
  }

  OwnersYaml andInContainer(String more) {
    return new OwnersYaml(name, spec, container + "\n" + more);
  }

  static OwnersYaml withoutProbe(String name) {
    return new OwnersYaml(name, "", "");
  }

  @Override
  public String toString() {
    return """
        apiVersion: v1
        kind: Service
        metadata:
          name: %1$s
        spec:
          selector: {app: %1$s}
          ports: [{name: http, port: 80, targetPort: http}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %1$s
          labels: {tier: web}
        spec:
          replicas: 1
          selector: {matchLabels: {app: %1$s}}
        %4$s
          template:
            metadata:
              labels: {app: %1$s}
            spec:
              containers:
                - name: server
                  image: %2$s
                  imagePullPolicy: IfNotPresent
                  env: [{name: APP_ID, value: %3$s}]
                  ports: [{name: http, containerPort: 8080}]
                  resources: {requests: {cpu: 10m, memory: 32Mi}}
        %5$s
        """
        .formatted(
            name,
            Cluster.image("graceful-e2e-server:1"),
            Pattern.TEXTBOOK.appId(),
            spec.indent(2).stripTrailing(),
            container.indent(10).stripTrailing());
  }
}
