export default function exit({ onSigterm }) {
  onSigterm(() => process.exit(0));
}
