import { useEffect, useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { choices, everything, partsOf, toggled, type ListName, type RunFilter } from "./runFilter.ts";

interface Props {
  readonly filter: RunFilter;
  readonly onChange: (filter: RunFilter) => void;
}

const titles: Record<ListName, string> = { state: "State", reason: "Reason", language: "Language", start: "Start" };

/** What the list is narrowed to. */
export function FilterBar({ filter, onChange }: Props) {
  return (
    <div class="filters" role="search" aria-label="Runs">
      <input
        id="runs-path"
        class="input mono filter-path"
        type="search"
        placeholder="Script or folder"
        aria-label="Script or folder"
        spellcheck={false}
        value={filter.path}
        onInput={(event) => onChange({ ...filter, path: event.currentTarget.value })}
      />
      <input
        id="runs-text"
        class="input filter-text"
        type="search"
        placeholder="Text: id, alias, key, failure"
        aria-label="Text"
        value={filter.text}
        onInput={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      {(Object.keys(titles) as ListName[]).map((name) => (
        <Menu key={name} name={name} filter={filter} onChange={onChange} />
      ))}
      {partsOf(filter) > 0 && (
        <Button kind="plain" onClick={() => onChange(everything)}>
          Show all
        </Button>
      )}
    </div>
  );
}

function Menu({ name, filter, onChange }: Props & { readonly name: ListName }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const chosen = filter[name];
  // A menu closes by a click beside it, and by Escape.
  useEffect(() => {
    const away = (event: Event) => {
      if (menu.current?.open && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !menu.current!.open) return;
    menu.current!.open = false;
    menu.current!.querySelector("summary")!.focus();
  };
  return (
    <details ref={menu} class="menu" onKeyDown={onKeyDown}>
      <summary class="button">
        {titles[name]}: {chosen.length === 0 ? "any" : chosen.length === 1 ? chosen[0] : `${chosen.length} chosen`}
      </summary>
      <fieldset class="menu-items">
        <legend class="unseen">{titles[name]}</legend>
        {choices[name].map((word) => (
          <label key={word} class="menu-item">
            <input type="checkbox" checked={chosen.includes(word)} onChange={() => onChange(toggled(filter, name, word))} />
            <span class="mono">{word}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
