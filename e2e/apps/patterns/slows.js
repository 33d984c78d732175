import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;
const SLOWER_MILLIS = 3_000;

// Something else that is put away takes the processor: it answers all, each 3 s later.
export default function slows({ onSigterm, putFirst, serveOn, closeServer }) {
  onSigterm(async () => {
    putFirst(async (_request, _response, next) => {
      await sleep(SLOWER_MILLIS);
      next();
    });
    await serveOn(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
