package dev.graceful.e2e;

/**
 * A PostgreSQL for the apps that have a real pool of connections. It is never ended.
 *
 * @param address its host and port
 */
record Database(String address) {

  private static final String NAME = "database";

  private static final String YAML =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: database}
      spec:
        selector: {app: database}
        ports: [{port: 5432}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: database}
      spec:
        selector: {matchLabels: {app: database}}
        template:
          metadata: {labels: {app: database}}
          spec:
            containers:
              - name: postgres
                image: IMAGE
                imagePullPolicy: IfNotPresent
                ports: [{containerPort: 5432}]
                readinessProbe: {exec: {command: [pg_isready, -h, 127.0.0.1, -U, postgres]}, periodSeconds: 1}
      """;

  /** Brings it up, and waits until it can be asked. */
  static Database deploy(Cluster cluster, String namespace) {
    cluster.createNamespace(namespace);
    var app = new App(cluster.client(), namespace, NAME);
    app.kubectlWith(
        YAML.replace("IMAGE", Cluster.image("graceful-e2e-postgres:1")), "apply", "-f", "-");
    app.awaitRolledOut();
    // By its address: apps that look up names are not what is tested.
    String address = app.kubectl("get", "service", NAME, "--output=jsonpath={.spec.clusterIP}");
    return new Database(address + ":5432");
  }

  String url() {
    return url(address);
  }

  /** As {@link #url()}, but through another address, as host and port. */
  String url(String another) {
    return "postgres://postgres@" + another + "/postgres";
  }
}
