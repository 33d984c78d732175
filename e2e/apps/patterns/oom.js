import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;
const BLOCK_BYTES = 8 << 20;

// Lets go of its clients well, and then takes all memory there is for what it still has to put away. Without a limit that
// is the machine's, so it gives up at a size that no limit of a test exceeds.
export default function oom({ onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    startLeaving();
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    const blocks = [];
    while (blocks.length * BLOCK_BYTES < 2 ** 30) {
      blocks.push(Buffer.alloc(BLOCK_BYTES, 1));
      await sleep(5);
    }
    process.exit(4);
  });
}
