import { GOVERNORS, shownRange, shownValue, whereToChange, type Governor, type Setting } from "./governors.ts";

interface Props {
  readonly keys: readonly string[];
  /** What the server says of its settings; undefined: not known yet. */
  readonly settings: ReadonlyMap<string, Setting> | undefined;
}

/** The settings that govern a figure: each opens to its range, what it does and where it is changed. */
export function Governed({ keys, settings }: Props) {
  return (
    <div class="governed">
      {keys.map((key) => {
        const governor = GOVERNORS.find((one) => one.key === key)!;
        return <GovernorLine key={key} governor={governor} setting={settings?.get(key)} />;
      })}
    </div>
  );
}

function GovernorLine({ governor, setting }: { readonly governor: Governor; readonly setting: Setting | undefined }) {
  return (
    <details class="governor">
      <summary>
        <code>{breakable(governor.key)}</code>
        <span class="governor-value">{setting ? setting.value : "…"}</span>
        <span class="governor-range">{shownRange(governor)}</span>
        {setting && <span class={`governor-when ${setting.reloads ? "is-live" : ""}`}>{setting.reloads ? "live" : "restart"}</span>}
      </summary>
      <p>
        <code>{governor.key}</code> sets {governor.sets}
        {setting && (
          <>
            : <strong>{shownValue(governor, setting)}</strong>
          </>
        )}
        . Allowed: {shownRange(governor)}.
      </p>
      <p>{governor.advice}</p>
      {setting && <p>{whereToChange(setting)}</p>}
    </details>
  );
}

/** A key that may go on in the next line after each of its dots. */
const breakable = (key: string) =>
  key.split(".").map((part, index) => (
    <>
      {index > 0 && (
        <>
          .<wbr />
        </>
      )}
      {part}
    </>
  ));
