import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 8_000;

// The order is wrong: whoever comes while it waits finds no pool.
export default function poolearly({ pool, onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    const ended = pool.end();
    await sleep(PROPAGATION_MILLIS);
    startLeaving();
    await closeServer();
    await ended;
    process.exit(0);
  });
}
