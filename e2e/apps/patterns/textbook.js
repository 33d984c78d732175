// What most tutorials show, and where most services stop.
export default function textbook({ server, onSigterm }) {
  onSigterm(() => {
    server.close(() => process.exit(0));
  });
}
