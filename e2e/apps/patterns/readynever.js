import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// Kubernetes takes it out of the endpoints all the same; a client that polls readiness itself does not learn of it.
export default function readynever({ pool, onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    startLeaving({ readiness: 200 });
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    await pool.end();
    process.exit(0);
  });
}
