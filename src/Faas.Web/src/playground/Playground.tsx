export default function Playground() {
  return <p>Playground</p>;
}
