import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// Its workers are gone and its listener is not: connections are accepted, and nobody serves them.
export default function mute({ onSigterm, putFirst }) {
  onSigterm(async () => {
    putFirst(() => {});
    await sleep(PROPAGATION_MILLIS);
    process.exit(0);
  });
}
