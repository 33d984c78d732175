const PROPAGATION_MILLIS = 7_000;

// Routes go before the listener: whoever comes while it waits is answered, by a router that knows no path any more.
export default function notfound({ pool, onSigterm, takeRoutesDown, serveOn, closeServer }) {
  onSigterm(async () => {
    takeRoutesDown();
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
