import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// Nobody can tell that it was asked to end until the wait is over.
export default function waitclose({ pool, onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    startLeaving();
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
