import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// All went well but the last step of its end.
export default function error({ onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    startLeaving();
    await closeServer();
    process.exit(3);
  });
}
