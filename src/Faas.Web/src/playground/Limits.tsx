import { useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { draft } from "./kept.ts";

/** What bounds the run: time and memory. Every run of the playground has a sandbox of its own. */
export function Limits() {
  const [isOpen, open] = useState(false);
  const { timeout, memory } = draft.value;
  const isSet = timeout !== "" || memory !== "";
  return (
    <>
      <Button onClick={() => open(true)}>{isSet ? <>Limits <span class="badge badge-accent">set</span></> : "Limits"}</Button>
      {isOpen && (
        <Dialog title="Limits of the run" onClose={() => open(false)}>
          <p>
            Every run of the Playground has a fresh sandbox, which ends with it. Without a limit of yours, the server's own holds, which
            yours may not exceed.
          </p>
          <form class="dialog-form" onSubmit={(event) => { event.preventDefault(); open(false); }}>
            <label class="field">
              <span class="field-label">Time, in seconds or with a unit</span>
              <input class="input mono" placeholder="the server's limit" value={timeout} spellcheck={false}
                onInput={(event) => (draft.value = { ...draft.peek(), timeout: event.currentTarget.value })} />
            </label>
            <label class="field">
              <span class="field-label">Memory, in bytes or with a unit, such as 64M</span>
              <input class="input mono" placeholder="the server's limit" value={memory} spellcheck={false}
                onInput={(event) => (draft.value = { ...draft.peek(), memory: event.currentTarget.value })} />
            </label>
            <div class="dialog-foot">
              <Button onClick={() => (draft.value = { ...draft.peek(), timeout: "", memory: "" })}>Reset</Button>
              <Button kind="primary" type="submit">Done</Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
