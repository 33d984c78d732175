import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 5_000;
const TURNING_AWAY_MILLIS = 2_000;

// Serves as long as clients may come, and only then turns everybody away.
export default function unavailablelater({ answer, onSigterm, putFirst, startLeaving, closeServer }) {
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    startLeaving();
    putFirst((_request, response) => answer(response, 503, { error: 'shutting down' }));
    await sleep(TURNING_AWAY_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
