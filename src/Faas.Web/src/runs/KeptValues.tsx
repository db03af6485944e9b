import { useMemo } from "preact/hooks";
import { bytes } from "../charts/units.ts";
import { Json } from "../playground/json.ts";
import { Result } from "../playground/Result.tsx";
import type { Value } from "../playground/wire.ts";
import type { ReadRecord } from "./keptRun.ts";
import { isUnderWay } from "./run.ts";

/** What a kept run was given, and what it returned. */
export function KeptValues({ read: { run, json } }: { readonly read: ReadRecord }) {
  // The record is read again while the run is under way: the same text is the same value, and what was opened of it stays open.
  const input = useValue(json.find("input")?.text, "json");
  const value = useValue(json.find("result")?.text, run.type ?? "json");
  const isCut = run.resultCut === true;
  return (
    <div class="run-values">
      {input && <Result title="Input" value={input} hint={undefined} />}
      {isCut ? (
        <p class="muted">
          The value has {run.resultBytes === undefined ? "more bytes than are kept" : bytes(run.resultBytes)}, and is not kept
          (faas.runs.kept.result-size).
        </p>
      ) : (
        !isUnderWay(run) && value && <Result title="Value" value={value} hint={run.hint} />
      )}
    </div>
  );
}

const useValue = (text: string | undefined, type: string): Value | undefined =>
  useMemo(() => (text === undefined ? undefined : { json: new Json(text), type }), [text, type]);
