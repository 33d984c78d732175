const PROPAGATION_MILLIS = 7_000;

// Routes go before the listener: whoever comes while it waits is answered, by a router that knows no path any more.
export default function notfound({ pool, answer, onSigterm, putFirst, serveOn, closeServer }) {
  onSigterm(async () => {
    putFirst((_request, response) => answer(response, 404, { error: 'no route leads here any more' }));
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
