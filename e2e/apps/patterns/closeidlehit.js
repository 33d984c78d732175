const AGAIN_MILLIS = 100;
const HARD_LIMIT_MILLIS = 3_000;

// The same as closeidle, but for one user of the pool that never lets go of it: the hard limit decides.
export default function closeidlehit({ server, pool, onSigterm, startLeaving }) {
  pool.use(() => new Promise(() => {})).catch(() => {});
  onSigterm(() => {
    setTimeout(() => process.exit(1), HARD_LIMIT_MILLIS);
    startLeaving();
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    setInterval(() => server.closeIdleConnections(), AGAIN_MILLIS);
  });
}
