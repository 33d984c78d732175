import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 5_000;
const HARD_LIMIT_MILLIS = 20_000;

// Wait until nobody is sent here any more, close the server, and only then what its requests need.
export default function drain({ server, pool, onSigterm, startLeaving }) {
  onSigterm(async () => {
    setTimeout(() => process.exit(1), HARD_LIMIT_MILLIS).unref();
    // A busy keep-alive connection outlives server.close(); only a closing response makes its client let go.
    startLeaving();
    await sleep(PROPAGATION_MILLIS);
    server.close(async (error) => {
      if (error) {
        process.exit(1);
      }
      await pool.end();
      process.exit(0);
    });
    server.closeIdleConnections();
  });
}
