import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { stepOf } from "./steps.ts";

/** One tab. */
export interface Tab {
  readonly id: string;
  readonly title: ComponentChildren;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  /** The panel of the selected tab. */
  readonly children?: ComponentChildren;
  readonly class?: string;
}

/** Tabs and the panel of the selected one (ARIA APG, "Tabs": arrow keys, Home and End select). */
export function Tabs({ label, tabs, selected, onSelect, children, class: more = "" }: Props) {
  const id = useId();
  const move = (event: KeyboardEvent) => {
    const next = stepOf(event.key, tabs.findIndex((tab) => tab.id === selected), tabs.length);
    if (next === null) return;
    event.preventDefault();
    onSelect(tabs[next]!.id);
    ((event.currentTarget as HTMLElement).children[next] as HTMLElement).focus();
  };
  return (
    <>
      <div class={`tabs ${more}`} role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" class="tab" role="tab" id={`${id}-${tab.id}`} aria-selected={tab.id === selected}
            aria-controls={`${id}-panel`} tabIndex={tab.id === selected ? 0 : -1} onClick={() => onSelect(tab.id)}>
            {tab.title}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${selected}`}>{children}</div>
    </>
  );
}
