const AGAIN_MILLIS = 100;
const HARD_LIMIT_MILLIS = 3_000;

export default function closeidle({ server, pool, onSigterm, startLeaving }) {
  onSigterm(() => {
    setTimeout(() => process.exit(1), HARD_LIMIT_MILLIS).unref();
    startLeaving();
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    setInterval(() => server.closeIdleConnections(), AGAIN_MILLIS);
  });
}
