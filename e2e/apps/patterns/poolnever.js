import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// It relies on Node's ending by itself when nothing is left to do, which open database connections prevent.
export default function poolnever({ onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    startLeaving();
    await closeServer();
  });
}
