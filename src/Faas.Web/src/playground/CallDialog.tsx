import { useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { copy } from "../controls/copy.ts";
import { Dialog } from "../controls/Dialog.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Segments } from "../controls/Segments.tsx";
import { Tabs } from "../controls/Tabs.tsx";
import { snippetsOf, type Call, type Snippet } from "./snippets.ts";

const forms = [{ value: "json", title: "One answer" }, { value: "stream", title: "Stream" }] as const;

/** The playground's call in other languages, to copy. */
export function CallDialog({ call, onClose }: { readonly call: Omit<Call, "isStreamed">; readonly onClose: () => void }) {
  const [id, setId] = useState<Snippet["id"]>("curl");
  const [form, setForm] = useState<"json" | "stream">("json");
  const snippets = snippetsOf({ ...call, isStreamed: form === "stream" });
  const snippet = snippets.find((one) => one.id === id)!;
  return (
    <Dialog title="The same call from elsewhere" isWide onClose={onClose}>
      <Tabs label="By" tabs={snippets} selected={id} onSelect={(next) => setId(next as Snippet["id"])}>
        <div class="call-head">
          {id === "faas"
            ? <span class="muted">The command line shows lines as they are printed.</span>
            : <Segments label="Answer" value={form} onChange={setForm} options={forms} />}
          <span class="grow" />
          <Button icon={<Icon name="copy" />} onClick={() => copy(snippet.text, "The call was")}>Copy</Button>
        </div>
        <pre class="call-text" tabIndex={0} role="region" aria-label={`The call by ${snippet.title}`}>{snippet.text}</pre>
      </Tabs>
      {call.needsKey && <p class="muted">The variable FAAS_KEY holds the secret of your key.</p>}
    </Dialog>
  );
}
