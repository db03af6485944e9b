import { Component } from "preact";
import { bytes, plural } from "../charts/units.ts";
import { cellLabel, imageText, tailOf } from "./binding.ts";
import type { Sandbox } from "./protocol.ts";
import { letterOf } from "./states.ts";

interface Props {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly isSelected: boolean;
  /** Whether it serves the same script as the selected one. */
  readonly isKin: boolean;
  readonly isFaint: boolean;
  readonly isDense: boolean;
  /** Whether the Tab key leads to it. */
  readonly isTabStop: boolean;
  readonly onSelect: (name: string) => void;
}

/** One sandbox. It is drawn anew only when something of it has changed: there may be hundreds. */
export class Cell extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ id, sandbox, isSelected, isKin, isFaint, isDense, isTabStop, onSelect }: Props) {
    const label = cellLabel(sandbox, bytes(sandbox.memoryBytes));
    const classes = ["cell", `cell-${sandbox.state}`, isKin && "cell-kin", isFaint && "cell-faint"].filter(Boolean).join(" ");
    return (
      <div
        id={id}
        class={classes}
        role="option"
        aria-selected={isSelected}
        title={isDense ? undefined : label}
        tabIndex={isTabStop ? 0 : -1}
        data-name={sandbox.name}
        onClick={() => onSelect(sandbox.name)}
      >
        <span class="unseen">{label}</span>
        <span class="cell-letter" aria-hidden="true">
          {letterOf(sandbox.state)}
        </span>
        {!isDense && (
          <>
            <span class="cell-name" aria-hidden="true">
              {sandbox.name}
            </span>
            <span class="cell-image" aria-hidden="true">
              {imageText(sandbox.image)}
            </span>
            <span class="cell-binding" aria-hidden="true">
              {sandbox.path === undefined ? <span class="muted">no script yet</span> : tailOf(sandbox.path, 16)}
            </span>
            <span class="cell-cost" aria-hidden="true">
              {bytes(sandbox.memoryBytes)} · {plural(sandbox.uses, "run")}
            </span>
          </>
        )}
      </div>
    );
  }
}
