import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Needs } from "../api/ownKey.ts";
import { lacking } from "../api/scopes.ts";
import { toast } from "../controls/toasts.ts";
import { isPressed } from "./keys.ts";
import { isMac } from "./platform.ts";

/** Something that the user can do: by the palette, and by keys where the command has them. */
export interface Command {
  /** Unique among the commands that are there at one time. */
  readonly id: string;
  /** What it does, as an imperative: `Run the code`. */
  readonly title: string;
  /** Which part of the page it belongs to. */
  readonly group: string;
  /** For example `Mod+Enter`. */
  readonly keys?: string;
  /** The scopes without which the server would refuse it. */
  readonly needs?: Needs;
  readonly run: () => void;
}

const sets = signal<readonly (readonly Command[])[]>([]);

/** Every command that the page's key allows now; those of the view come before those of the shell. */
export const commands = computed(() => sets.value.flat().filter(({ needs }) => lacking(needs) === null));

/** Adds commands, and gives back what removes them. */
export function addCommands(added: readonly Command[]): () => void {
  sets.value = [added, ...sets.peek()];
  return () => (sets.value = sets.peek().filter((set) => set !== added));
}

/** Adds commands while a component is shown; they are renewed when one of `dependencies` changes. */
export function useCommands(make: () => readonly Command[], dependencies: readonly unknown[]): void {
  useEffect(() => addCommands(make()), dependencies);
}

/** Runs the command whose keys are pressed. It takes the event before an editor does, and not while a dialog is open. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const command = sets.peek().flat().find((one) => one.keys && isPressed(one.keys, event, isMac));
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    const reason = lacking(command.needs);
    if (reason === null) command.run();
    else toast(reason, "bad");
  }, { capture: true });
}
