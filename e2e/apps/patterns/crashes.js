// A release that ends before it listens.
export default function crashes() {
  process.exit(1);
}
