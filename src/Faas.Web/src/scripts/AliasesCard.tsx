import { useState } from "preact/hooks";
import { Action } from "../controls/Action.tsx";
import { Button } from "../controls/Button.tsx";
import { AliasDialog } from "./AliasDialog.tsx";
import { MoveDialog } from "./MoveDialog.tsx";
import { targetText, type Alias, type Script } from "./script.ts";

interface Props {
  readonly script: Script;
  readonly onChanged: () => void;
}

type Shown = { readonly kind: "new" } | { readonly kind: "edit" | "rollback" | "delete"; readonly alias: Alias };

/** The names of a script's versions, and what may be done with them. */
export function AliasesCard({ script, onChanged }: Props) {
  const [shown, show] = useState<Shown | null>(null);
  const close = () => show(null);
  const done = () => {
    show(null);
    onChanged();
  };
  return (
    <section class="card" aria-labelledby="aliases-title">
      <div class="card-head">
        <h2 id="aliases-title" class="grow">
          Aliases
        </h2>
        <Button needs="write" onClick={() => show({ kind: "new" })}>New alias</Button>
      </div>
      {script.aliases.length === 0 ? (
        <p class="muted">None. An alias such as stable is a name that callers use, and that you move from version to version.</p>
      ) : (
        <ul class="lines">
          {script.aliases.map((alias) => (
            <li key={alias.name} class="line alias">
              <strong class="mono">{alias.name}</strong>
              <span class="grow mono alias-target">
                {targetText(alias)}
                {alias.split && <SplitBar alias={alias} />}
              </span>
              <span class="row-actions">
                <Action class="link" needs="write" onClick={() => show({ kind: "edit", alias })}>
                  Move<span class="unseen"> {alias.name}</span>
                </Action>
                {alias.previous && (
                  <Action
                    class="link"
                    needs="write"
                    title={`Back to ${targetText(alias.previous)}`}
                    onClick={() => show({ kind: "rollback", alias })}
                  >
                    Roll back<span class="unseen"> {alias.name}</span>
                  </Action>
                )}
                <Action class="link wrong" needs="write" onClick={() => show({ kind: "delete", alias })}>
                  Delete<span class="unseen"> {alias.name}</span>
                </Action>
              </span>
            </li>
          ))}
        </ul>
      )}
      {(shown?.kind === "new" || shown?.kind === "edit") && (
        <AliasDialog script={script} alias={shown.kind === "edit" ? shown.alias : undefined} onClose={close} onDone={done} />
      )}
      {(shown?.kind === "rollback" || shown?.kind === "delete") && (
        <MoveDialog path={script.path} alias={shown.alias} kind={shown.kind} onClose={close} onDone={done} />
      )}
    </section>
  );
}

/** The shares of a split. The text beside it says the same. */
function SplitBar({ alias }: { readonly alias: Alias }) {
  return (
    <span class="split-bar" aria-hidden="true">
      {alias.split!.map((share) => (
        <span key={share.version} style={{ flexGrow: share.weight }} />
      ))}
    </span>
  );
}
