import { Button } from "../controls/Button.tsx";
import { FilterMenu } from "./FilterMenu.tsx";
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
        <FilterMenu
          key={name}
          title={titles[name]}
          words={choices[name]}
          chosen={filter[name]}
          onToggle={(word) => onChange(toggled(filter, name, word))}
        />
      ))}
      {partsOf(filter) > 0 && (
        <Button kind="plain" onClick={() => onChange(everything)}>
          Show all
        </Button>
      )}
    </div>
  );
}
