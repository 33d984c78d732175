const PROPAGATION_MILLIS = 8_000;

// The order is wrong: whoever comes while it waits finds no pool.
export default function poolearly({ pool, onSigterm, serveOn, closeServer }) {
  onSigterm(async () => {
    const ended = pool.end();
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    await ended;
    process.exit(0);
  });
}
