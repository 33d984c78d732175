// No connection is used twice, all its life, and what is in flight at its end is cut.
export default function closeseachexit({ onSigterm, startLeaving }) {
  startLeaving({ readiness: 200 });
  onSigterm(() => process.exit(0));
}
