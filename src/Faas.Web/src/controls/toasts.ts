import { signal } from "@preact/signals";

/** A short message that goes by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "note" | "bad";
  /** What the user may do about it. */
  readonly action?: { readonly title: string; readonly run: () => void } | undefined;
}

const lifetime = { note: 4000, bad: 10_000 } as const;
let last = 0;

export const toasts = signal<readonly Toast[]>([]);

/** Shows a message, in the place of one with the same text. One with an action stays as long as a bad one. */
export function toast(text: string, kind: Toast["kind"] = "note", action?: Toast["action"]): void {
  const id = ++last;
  toasts.value = [...toasts.peek().filter((one) => one.text !== text), { id, text, kind, action }];
  setTimeout(() => dismiss(id), action ? lifetime.bad : lifetime[kind]);
}

/** Takes every message away. */
export const dismissAll = () => void (toasts.value = []);

/** Takes a message away. */
export const dismiss = (id: number) => void (toasts.value = toasts.peek().filter((one) => one.id !== id));
