import { Button } from "../controls/Button.tsx";
import { FilterMenu } from "./FilterMenu.tsx";
import { everyKept, keptChoices, keptPartsOf, toggledKept, type KeptFilter, type KeptListName } from "./keptFilter.ts";

interface Props {
  readonly filter: KeptFilter;
  readonly onChange: (filter: KeptFilter) => void;
}

const titles: Record<KeptListName, string> = { state: "State", reason: "Reason", via: "Via" };

/** What the list of kept runs is narrowed to. */
export function KeptFilterBar({ filter, onChange }: Props) {
  return (
    <div class="filters" role="search" aria-label="Kept runs">
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
        class="input filter-key"
        type="search"
        placeholder="Name of a key"
        aria-label="Name of a key"
        spellcheck={false}
        value={filter.key}
        onInput={(event) => onChange({ ...filter, key: event.currentTarget.value })}
      />
      <input
        class="input filter-key"
        type="search"
        placeholder="Name of a schedule"
        aria-label="Name of a schedule"
        spellcheck={false}
        value={filter.schedule}
        onInput={(event) => onChange({ ...filter, schedule: event.currentTarget.value })}
      />
      {(Object.keys(titles) as KeptListName[]).map((name) => (
        <FilterMenu
          key={name}
          title={titles[name]}
          words={keptChoices[name]}
          chosen={filter[name]}
          onToggle={(word) => onChange(toggledKept(filter, name, word))}
        />
      ))}
      <label class="filter-check">
        <input type="checkbox" checked={filter.dead} onChange={(event) => onChange({ ...filter, dead: event.currentTarget.checked })} />
        Dead letters
      </label>
      {keptPartsOf(filter) > 0 && (
        <Button kind="plain" onClick={() => onChange(everyKept)}>
          Show all
        </Button>
      )}
    </div>
  );
}
