import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// Serves whoever comes, and ends the connections that were kept with a 503 instead of an answer.
export default function keptunavailable({ answer, onSigterm, putFirst, startLeaving, closeServer }) {
  const kept = new WeakSet();
  let ending = false;
  putFirst((request, response, next) => {
    if (ending && kept.has(request.socket)) {
      answer(response, 503, { error: 'shutting down' });
    } else {
      kept.add(request.socket);
      next();
    }
  });
  onSigterm(async () => {
    ending = true;
    startLeaving({ readiness: 200 });
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
