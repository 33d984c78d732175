import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;
// A client that closes one connection and opens the next at once can be seen to come before it is seen to go.
const OVERLAP_MILLIS = 5;

// Serves one client at a time, and does not survive that two are there.
export default function second({ server, onSigterm, startLeaving, closeServer }) {
  const open = new Set();
  startLeaving({ readiness: 200 });
  server.on('connection', async (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size > 1) {
      await sleep(OVERLAP_MILLIS);
      if (open.size > 1) {
        console.error('a second connection is open');
        process.exit(1);
      }
    }
  });
  onSigterm(async () => {
    await sleep(PROPAGATION_MILLIS);
    await closeServer();
    process.exit(0);
  });
}
