import { useEffect, useState } from "preact/hooks";

/** How long the typing of a filter rests before the server is asked, in milliseconds. */
const rest = 300;

/** A text that has not changed for a moment. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), rest);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
