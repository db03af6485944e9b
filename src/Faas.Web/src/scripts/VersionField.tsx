import { useEffect, useId, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../api/problem.ts";
import type { Read } from "../api/useRead.ts";
import { count } from "../charts/units.ts";
import { Field } from "../controls/Field.tsx";
import type { Script, Version } from "./script.ts";
import { choicesOf, mostChoices } from "./versionChoices.ts";

interface Props {
  readonly label: string;
  readonly wrong: string | undefined;
  readonly script: Script;
  readonly versions: Read<readonly Version[]>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/**
 * Chooses a version from a list that typing narrows (ARIA APG, "Combobox" with a listbox). The number of one that the list does not have
 * can be typed: the server knows best.
 */
export function VersionField({ label, wrong, script, versions, value, onChange }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState(-1);
  const found = choicesOf(script, versions.value ?? [], value);
  const shown = found.slice(0, mostChoices);
  const at = Math.min(active, shown.length - 1);
  const choose = (version: number) => {
    onChange(`${version}`);
    setActive(-1);
  };

  // What is chosen, or what the arrow keys have come to, is in sight.
  const seen = at >= 0 ? at : shown.findIndex(({ version }) => `${version}` === value);
  useEffect(() => {
    const [box, row] = [list.current, list.current?.children[seen] as HTMLElement | undefined];
    if (!box || !row) return;
    if (row.offsetTop < box.scrollTop) box.scrollTop = row.offsetTop;
    else if (row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight;
  }, [seen, shown.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const from = at >= 0 ? at : event.key === "ArrowDown" ? seen : Math.max(seen, 0);
      if (shown.length > 0) setActive((from + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
    } else if (event.key === "Enter" && at >= 0) choose(shown[at]!.version);
    else return;
    event.preventDefault();
  };

  return (
    <Field label={label} wrong={wrong}>
      {(field) => (
        <div class="choices">
          <input
            type="text"
            class="input mono"
            role="combobox"
            inputMode="search"
            autocomplete="off"
            spellcheck={false}
            placeholder="Number, date or alias"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
            {...field}
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => {
              onChange(event.currentTarget.value.trim());
              setActive(-1);
            }}
            onKeyDown={onKeyDown}
          />
          <ul ref={list} id={`${id}-list`} class="choices-list" role="listbox" aria-label={`${label}: choices`}>
            {shown.map(({ version, uploaded, names }, index) => (
              <li
                key={version}
                id={`${id}-${index}`}
                class={`choice ${index === at ? "is-active" : ""}`}
                role="option"
                aria-selected={`${version}` === value}
                onClick={() => choose(version)}
              >
                <span class="mono">{version}</span>
                <span class="muted">{uploaded}</span>
                <span class="names">
                  {names.map((name) => (
                    <span key={name} class="badge">
                      {name}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
          <p class="choices-note muted" role="status">
            {noteOf(versions, found.length)}
          </p>
        </div>
      )}
    </Field>
  );
}

function noteOf({ value, error }: Read<readonly Version[]>, found: number): string {
  if (value === undefined) return error === undefined ? "Reading the versions…" : `The versions could not be read: ${sentenceOf(error)}`;
  if (found === 0) return "No version has this number, date or name.";
  return found > mostChoices ? `${count(found - mostChoices)} older ones are not shown: type to find them.` : "";
}
