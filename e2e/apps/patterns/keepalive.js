const LOAD_BALANCER_IDLE_MILLIS = 60_000;

// The textbook with the setting that cloud load balancers ask for: outlive their idle connections. Up to Node 18 the end
// waits for these too, later ones close them with the server.
export default function keepalive({ server, onSigterm }) {
  server.keepAliveTimeout = LOAD_BALANCER_IDLE_MILLIS + 5_000;
  onSigterm(() => {
    server.close(() => process.exit(0));
  });
}
