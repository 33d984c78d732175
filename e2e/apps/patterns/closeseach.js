import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// No connection is used twice, all its life.
export default function closeseach({ onSigterm, startLeaving, closeServer }) {
  startLeaving({ readiness: 200 });
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
