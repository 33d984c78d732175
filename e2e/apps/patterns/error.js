const PROPAGATION_MILLIS = 7_000;

// All went well but the last step of its end.
export default function error({ onSigterm, serveOn, closeServer }) {
  onSigterm(async () => {
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(3);
  });
}
