const PROPAGATION_MILLIS = 7_000;

// A middleware that turns everybody away as soon as the end has begun, whatever they ask for.
export default function unavailable({ answer, onSigterm, putFirst, serveOn, closeServer }) {
  onSigterm(async () => {
    putFirst((_request, response) => answer(response, 503, { error: 'shutting down' }));
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
