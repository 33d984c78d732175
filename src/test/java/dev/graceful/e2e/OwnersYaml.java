package dev.graceful.e2e;

/**
 * What an owner would commit: a Deployment of one container, and its Service.
 *
 * @param env further environment variables, in flow style, each followed by a comma
 * @param resources of the container, in flow style
 * @param sidecars further containers
 * @param spec more fields of the Deployment's spec, each in flow style
 * @param podSpec more fields of the pod's spec, each in flow style
 * @param container more fields of the container, each in flow style
 * @param services further documents, each a Service or what belongs to one
 * @param ports of the Service, in flow style
 */
record OwnersYaml(
    String name,
    String image,
    String appId,
    String env,
    int replicas,
    String resources,
    String sidecars,
    String spec,
    String podSpec,
    String container,
    String services,
    String ports) {

  /** With a readiness probe, and nothing about how it ends. */
  static OwnersYaml of(String name) {
    return withoutProbe(name).probedAt("/ready", "HTTP");
  }

  static OwnersYaml withoutProbe(String name) {
    return new OwnersYaml(
        name,
        Cluster.image("graceful-e2e-server:1"),
        Pattern.TEXTBOOK.appId(),
        "",
        1,
        "requests: {cpu: 10m, memory: 32Mi}",
        "",
        "",
        "",
        "imagePullPolicy: IfNotPresent",
        "",
        "{name: http, port: 80, targetPort: http}");
  }

  OwnersYaml probedAt(String path, String scheme) {
    return andInContainer(
        "readinessProbe: {httpGet: {path: %s, port: http, scheme: %s}, periodSeconds: 1}"
            .formatted(path, scheme));
  }

  /** Ends in another way. */
  OwnersYaml ending(Pattern pattern) {
    return new OwnersYaml(
        name,
        image,
        pattern.appId(),
        env,
        replicas,
        resources,
        sidecars,
        spec,
        podSpec,
        container,
        services,
        ports);
  }

  OwnersYaml withImage(String another) {
    return new OwnersYaml(
        name,
        Cluster.image(another),
        appId,
        env,
        replicas,
        resources,
        sidecars,
        spec,
        podSpec,
        container,
        services,
        ports);
  }

  OwnersYaml withEnv(String key, String value) {
    String more = env + "{name: " + key + ", value: \"" + value + "\"}, ";
    return new OwnersYaml(
        name, image, appId, more, replicas, resources, sidecars, spec, podSpec, container, services,
        ports);
  }

  OwnersYaml withReplicas(int number) {
    return new OwnersYaml(
        name, image, appId, env, number, resources, sidecars, spec, podSpec, container, services,
        ports);
  }

  OwnersYaml withMemoryLimit(String quantity) {
    String more = resources + ", limits: {memory: " + quantity + "}";
    return new OwnersYaml(
        name, image, appId, env, replicas, more, sidecars, spec, podSpec, container, services,
        ports);
  }

  OwnersYaml withSpec(String more) {
    return new OwnersYaml(
        name, image, appId, env, replicas, resources, sidecars, more, podSpec, container, services,
        ports);
  }

  /** With further containers, each an element of the list. */
  OwnersYaml besides(String containers) {
    return new OwnersYaml(
        name,
        image,
        appId,
        env,
        replicas,
        resources,
        containers,
        spec,
        podSpec,
        container,
        services,
        ports);
  }

  OwnersYaml andInPodSpec(String more) {
    return new OwnersYaml(
        name,
        image,
        appId,
        env,
        replicas,
        resources,
        sidecars,
        spec,
        podSpec + more + "\n",
        container,
        services,
        ports);
  }

  /** Behind another Service too. */
  OwnersYaml alsoBehind(String service, String itsSpec) {
    return with(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {selector: {app: %s}, ports: [{port: 80, targetPort: http}], %s}
        """
            .formatted(service, name, itsSpec));
  }

  /** With one more object, a document. */
  OwnersYaml with(String document) {
    return new OwnersYaml(
        name,
        image,
        appId,
        env,
        replicas,
        resources,
        sidecars,
        spec,
        podSpec,
        container,
        services + "---\n" + document,
        ports);
  }

  /** Its Service has these ports, in flow style. */
  OwnersYaml withPorts(String those) {
    return new OwnersYaml(
        name, image, appId, env, replicas, resources, sidecars, spec, podSpec, container, services,
        those);
  }

  OwnersYaml andInContainer(String more) {
    return new OwnersYaml(
        name,
        image,
        appId,
        env,
        replicas,
        resources,
        sidecars,
        spec,
        podSpec,
        container + "\n" + more,
        services,
        ports);
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
          ports: [%12$s]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %1$s
          labels: {tier: web}
        spec:
          replicas: %4$d
          selector: {matchLabels: {app: %1$s}}
        %6$s
          template:
            metadata:
              labels: {app: %1$s}
            spec:
              containers:
                - name: server
                  image: %2$s
                  env: [%9$s{name: APP_ID, value: "%3$s"}]
                  ports: [{name: http, containerPort: 8080}]
                  resources: {%5$s}
        %8$s
        %10$s
        %7$s
        %11$s
        """
        .formatted(
            name,
            image,
            appId,
            replicas,
            resources,
            spec.indent(2).stripTrailing(),
            podSpec.indent(6).stripTrailing(),
            container.indent(10).stripTrailing(),
            env,
            sidecars.indent(8).stripTrailing(),
            services,
            ports);
  }
}
