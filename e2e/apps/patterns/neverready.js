// A release that does not come up: it listens, and is never ready.
export default function neverready({ onSigterm, startLeaving }) {
  startLeaving();
  onSigterm(() => process.exit(1));
}
