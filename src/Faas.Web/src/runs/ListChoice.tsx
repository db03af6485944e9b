import { useEffect, useRef } from "preact/hooks";
import { Segments } from "../controls/Segments.tsx";
import { go } from "../shell/navigation.ts";
import { everyKept, keptAddress } from "./keptFilter.ts";
import { addressQuery, everything } from "./runFilter.ts";

const options = [{ value: "recent", title: "Recent" }, { value: "kept", title: "Kept" }] as const;

// The other list is another view: the choice is drawn anew there, and has the focus again.
let hasFocus = false;

interface Props {
  readonly list: "recent" | "kept";
  /** The script or folder that the other list is narrowed to, too. */
  readonly path: string;
}

/** Which of the two lists of runs is shown. */
export function ListChoice({ list, path }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (hasFocus) box.current!.querySelector<HTMLElement>("[aria-checked=true]")!.focus();
    hasFocus = false;
  }, []);
  const change = (next: "recent" | "kept") => {
    if (next === list) return;
    hasFocus = true;
    go(next === "kept" ? keptAddress({ ...everyKept, path }) : `/runs${addressQuery({ ...everything, path })}`);
  };
  return (
    <div ref={box}>
      <Segments label="Which runs" options={options} value={list} onChange={change} />
    </div>
  );
}
