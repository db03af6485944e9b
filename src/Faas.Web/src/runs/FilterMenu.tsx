import { useEffect, useRef } from "preact/hooks";

interface Props {
  readonly title: string;
  readonly words: readonly string[];
  /** None means every word. */
  readonly chosen: readonly string[];
  readonly onToggle: (word: string) => void;
}

/** Chooses some words of a list that opens. */
export function FilterMenu({ title, words, chosen, onToggle }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
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
        {title}: {chosen.length === 0 ? "any" : chosen.length === 1 ? chosen[0] : `${chosen.length} chosen`}
      </summary>
      <fieldset class="menu-items">
        <legend class="unseen">{title}</legend>
        {words.map((word) => (
          <label key={word} class="menu-item">
            <input type="checkbox" checked={chosen.includes(word)} onChange={() => onToggle(word)} />
            <span class="mono">{word}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
