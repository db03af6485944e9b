import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../api/serverClock.ts";

/** The server's time in milliseconds, renewed while a component is shown. */
export function useNow(interval = 1000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
