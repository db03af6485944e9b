import "./playground.css";
import { setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef, useState } from "preact/hooks";
import { key } from "../api/key.ts";
import { Button } from "../controls/Button.tsx";
import { CodeEditor } from "../controls/CodeEditor.tsx";
import { copy } from "../controls/copy.ts";
import { Icon } from "../controls/Icon.tsx";
import { Segments } from "../controls/Segments.tsx";
import { Empty } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { useCommands } from "../shell/commands.ts";
import { keysText } from "../shell/keys.ts";
import { isMac } from "../shell/platform.ts";
import { CallDialog } from "./CallDialog.tsx";
import { withCode, type Draft } from "./draft.ts";
import { examples, type Example } from "./examples.ts";
import { Facts } from "./Facts.tsx";
import { FailedRun } from "./Failed.tsx";
import { inputError } from "./input.ts";
import { InputEditor } from "./InputEditor.tsx";
import { draft, ownDraft, remember, takeShared } from "./kept.ts";
import { languages } from "./languages.ts";
import { Limits } from "./Limits.tsx";
import { markOf } from "./mark.ts";
import { Output } from "./Output.tsx";
import { Result } from "./Result.tsx";
import { isRunning, run, start, stop } from "./running.ts";
import { fragmentOf, isShared, readFragment } from "./share.ts";
import { SharedNote } from "./SharedNote.tsx";
import type { Call } from "./snippets.ts";

const runKeys = "Mod+Enter";
const streamKeys = "Mod+Shift+Enter";
const stopKeys = "Mod+.";

const change = (part: Partial<Draft>) => (draft.value = { ...draft.peek(), ...part });

function callOf({ language, code, input, timeout, memory }: Draft): Omit<Call, "isStreamed"> {
  return { server: location.origin, language, code: code[language], input, timeout, memory, needsKey: key.value !== "" };
}

const titleOf = (language: Draft["language"]) => languages.find((one) => one.value === language)!.title;

/** Runs the draft. An input that is not JSON is not sent: the server would refuse it. */
function begin(isStreamed: boolean): void {
  const wrong = inputError(draft.peek().input);
  if (wrong) toast(wrong, "bad");
  else void start({ ...callOf(draft.peek()), isStreamed });
}

async function share(): Promise<void> {
  const { language, code, input } = draft.peek();
  const link = `${location.origin}/${await fragmentOf({ language, code: code[language], input })}`;
  await copy(link, "The link was");
}

const offerUndo = (what: string, undo: () => void) => toast(`${what} is in the editor.`, "note", { title: "Undo", run: undo });

function takeExample({ language, code, input }: Example): void {
  const before = draft.peek();
  if (before.language === language && before.code[language] === code && before.input === input) return;
  const undo = remember();
  draft.value = withCode(before, language, code, input);
  offerUndo("The example", undo);
}

async function openLink(): Promise<void> {
  if (!isShared(location.hash)) return;
  const shared = await readFragment(location.hash);
  // A reload must not bring the shared code back over what the user makes of it.
  history.replaceState(null, "", location.pathname);
  if (!shared) return toast("The link is damaged: its code cannot be read. Ask for it once more.", "bad");
  const undo = remember();
  const hadOwn = ownDraft.peek() !== null;
  // Beside the user's own draft, which is kept, there may be changes to code of an earlier link.
  if (takeShared(shared) && (hadOwn || !ownDraft.peek())) offerUndo("The shared code", undo);
}

/** Write code, run it, and see what comes of it. */
export default function Playground() {
  const editor = useRef<EditorView | null>(null);
  const outcome = useRef<HTMLDivElement>(null);
  const [isCallShown, showCall] = useState(false);
  const { language, code, input } = draft.value;
  const running = isRunning.value;
  const shown = run.value;

  useCommands(() => [
    { id: "run", title: "Run the code", group: "Playground", keys: runKeys, needs: "execute", run: () => begin(false) },
    {
      id: "stream", title: "Run the code, and stream its output", group: "Playground", keys: streamKeys, needs: "execute",
      run: () => begin(true),
    },
    ...(running ? [{ id: "stop", title: "Stop the run", group: "Playground", keys: stopKeys, run: stop }] : []),
    { id: "share", title: "Copy a link to the code", group: "Playground", run: () => void share() },
    { id: "call", title: "Show the call for curl, JavaScript, Python and faas", group: "Playground", run: () => showCall(true) },
    ...languages.map(({ value, title }) => ({
      id: `language-${value}`, title: `Write ${title}`, group: "Playground", run: () => void change({ language: value }),
    })),
    ...examples.map((example) => ({
      id: `example-${example.title}`, title: `Example: ${example.title}`, group: "Playground", run: () => takeExample(example),
    })),
  ], [running]);

  useEffect(() => {
    void openLink();
    const onHash = () => void openLink();
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);

  // The place of a failure is marked until the code changes.
  const failure = shown?.outcome?.failure;
  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const mark = failure && markOf(failure, view.state.doc);
    view.dispatch(setDiagnostics(view.state, mark ? [mark] : []));
  }, [failure]);
  // Where the outcome lies below the code, it comes into sight when a run begins.
  useEffect(() => {
    if (running && matchMedia("(max-width: 820px)").matches) outcome.current?.scrollIntoView({ block: "start" });
  }, [running]);
  const goTo = (line: number, column = 1) => {
    const view = editor.current!;
    const { from, to } = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
    view.dispatch({ selection: { anchor: Math.min(to, from + column - 1) }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  };

  return (
    <div class="play">
      <h1 class="unseen">Playground</h1>
      <div class="play-bar" role="toolbar" aria-label="Playground">
        <Segments label="Language" options={languages} value={language} onChange={(value) => change({ language: value })} />
        <select class="input play-examples" aria-label="Examples" value="" onChange={(event) => {
          const example = examples[Number(event.currentTarget.value)];
          event.currentTarget.value = "";
          if (example) takeExample(example);
        }}>
          <option value="" disabled>Examples</option>
          {examples.map((example, index) => <option key={example.title} value={index}>{example.title}</option>)}
        </select>
        <Limits />
        <span class="grow" />
        <Button icon={<Icon name="share" />} onClick={share}>Share</Button>
        <Button icon={<Icon name="code" />} onClick={() => showCall(true)}>Call it</Button>
        <div class="play-run">
          {running && <Button kind="danger" icon={<Icon name="stop" />} title={keysText(stopKeys, isMac)} onClick={stop}>Stop</Button>}
          <Button needs="execute" icon={<Icon name="stream" />} title={keysText(streamKeys, isMac)} onClick={() => begin(true)}>
            Stream
          </Button>
          <Button kind="primary" needs="execute" icon={<Icon name="play" />} onClick={() => begin(false)}>
            Run <kbd>{keysText(runKeys, isMac)}</kbd>
          </Button>
        </div>
      </div>
      <div class="play-left">
        <SharedNote />
        <section class="play-code" aria-label="Code">
          <CodeEditor key={language} label={`Code, in ${titleOf(language)}`} language={language} value={code[language]}
            onChange={(text) => change({ code: { ...draft.peek().code, [draft.peek().language]: text } })}
            onReady={(view) => (editor.current = view)} />
        </section>
        <InputEditor value={input} onChange={(text) => change({ input: text })} />
      </div>
      <div class="play-right" ref={outcome}>
        {shown
          ? (
            <>
              <Facts run={shown} />
              {shown.outcome?.value && <Result value={shown.outcome.value} hint={shown.outcome.hint} />}
              {shown.outcome?.failure && <FailedRun outcome={shown.outcome} onGoTo={goTo} />}
              <Output run={shown} />
            </>
          )
          : (
            <Empty title="Nothing has run yet" more={(
              <div class="play-begin">
                {examples.slice(1, 5).map((example) => (
                  <Button key={example.title} onClick={() => takeExample(example)}>{example.title}</Button>
                ))}
              </div>
            )}>
              Press Run <kbd>({keysText(runKeys, isMac)})</kbd> to run the code in a sandbox of its own, or Stream to see each line as soon
              as it is printed. Or begin from an example:
            </Empty>
          )}
      </div>
      {isCallShown && <CallDialog call={callOf(draft.value)} onClose={() => showCall(false)} />}
    </div>
  );
}
