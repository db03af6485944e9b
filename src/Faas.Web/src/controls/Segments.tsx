import { stepOf } from "./steps.ts";

interface Props<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A choice among a few things that are all seen (ARIA APG, "Radio Group"). */
export function Segments<T extends string>({ label, options, value, onChange }: Props<T>) {
  const move = (event: KeyboardEvent) => {
    const next = stepOf(event.key, options.findIndex((option) => option.value === value), options.length);
    if (next === null) return;
    event.preventDefault();
    onChange(options[next]!.value);
    ((event.currentTarget as HTMLElement).children[next] as HTMLElement).focus();
  };
  return (
    <div class="segments" role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map((option) => (
        <button key={option.value} type="button" class="segment" role="radio" aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1} onClick={() => onChange(option.value)}>
          {option.title}
        </button>
      ))}
    </div>
  );
}
