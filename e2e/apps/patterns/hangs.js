export default function hangs({ onSigterm, startLeaving, closeServer }) {
  onSigterm(async () => {
    setInterval(() => {}, 60_000);
    startLeaving();
    await closeServer();
  });
}
