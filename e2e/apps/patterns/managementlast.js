import { setTimeout as sleep } from 'node:timers/promises';

const PROPAGATION_MILLIS = 7_000;

// As some frameworks do: the management port answers to the end, long after the clients' is closed.
export default function managementlast({ onSigterm, closeServer }) {
  onSigterm(async () => {
    await Promise.all([closeServer(), sleep(PROPAGATION_MILLIS)]);
    process.exit(0);
  });
}
