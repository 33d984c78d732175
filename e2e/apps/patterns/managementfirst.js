const PROPAGATION_MILLIS = 7_000;

// The management port goes at once; clients of the other notice nothing.
export default function managementfirst({ management, onSigterm, serveOn, closeServer }) {
  onSigterm(async () => {
    management.close();
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
