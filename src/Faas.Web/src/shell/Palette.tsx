import { signal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { commands, type Command } from "./commands.ts";
import { keysText } from "./keys.ts";
import { matching } from "./matching.ts";
import { isMac } from "./platform.ts";

/** Whether the palette is open. */
export const isPaletteOpen = signal(false);

/** The list of every command, which is searched by typing (ARIA APG, "Combobox" with a listbox). */
export function Palette() {
  return isPaletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const found = matching(commands.value, typed, (command) => `${command.title} ${command.group}`);
  const close = () => (isPaletteOpen.value = false);
  const choose = (command: Command | undefined) => {
    if (!command) return;
    close();
    // After the dialog has given the focus back, so that the command may move it.
    setTimeout(command.run);
  };

  // Before the next key comes, which is for the palette.
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => shown.close();
  }, []);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (found.length > 0) setAt((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at]);
    }
  };

  return (
    <dialog ref={dialog} class="dialog palette" aria-label="Commands" onCancel={close}
      onClick={(click) => { if (click.target === dialog.current) close(); }}>
      <input class="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls={`${id}-list`} aria-label="Command"
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined} placeholder="What do you want to do?" autocomplete="off"
        spellcheck={false} value={typed} onInput={(event) => { setTyped(event.currentTarget.value); setAt(0); }} onKeyDown={onKeyDown} />
      {found.length === 0 && <p class="palette-none" role="status">No command has this name.</p>}
      <ul ref={list} class="palette-list" role="listbox" id={`${id}-list`} aria-label="Commands">
        {found.map((command, index) => (
          <li key={command.id} id={`${id}-${index}`} class="palette-item" role="option" aria-selected={index === at}
            onMouseMove={() => setAt(index)} onClick={() => choose(command)}>
            <span class="grow">{command.title}</span>
            <span class="muted">{command.group}</span>
            {command.keys && <kbd>{keysText(command.keys, isMac)}</kbd>}
          </li>
        ))}
      </ul>
    </dialog>
  );
}
