const PROPAGATION_MILLIS = 7_000;

// Nobody can tell that it was asked to end until shortly before its listener closes.
export default function waitclose({ pool, onSigterm, serveOn, closeServer }) {
  onSigterm(async () => {
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
