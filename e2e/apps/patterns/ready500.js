import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

export default function ready500({ pool, onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    startLeaving({ readiness: 500 });
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
