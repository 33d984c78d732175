const PROPAGATION_MILLIS = 7_000;

// It relies on Node's ending by itself when nothing is left to do, which open database connections prevent.
export default function poolnever({ onSigterm, serveOn, closeServer }) {
  onSigterm(async () => {
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
  });
}
