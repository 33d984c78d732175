const WELL_MILLIS = 6_000;

// Readiness fails for good a while after the start, though all else is answered. Nobody is sent here by the time of SIGTERM.
export default function sickens({ onSigterm, startLeaving }) {
  setTimeout(startLeaving, WELL_MILLIS);
  onSigterm(() => process.exit(1));
}
