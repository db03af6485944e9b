/** The parts of a keyboard event that a key combination is about. */
export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Whether an event is a combination such as `Mod+Enter` or `Mod+Shift+K`. `Mod` is Command on a Mac, and Ctrl elsewhere. */
export function isPressed(combination: string, event: Pressed, isMac: boolean): boolean {
  const parts = combination.split("+");
  const key = parts.pop()!;
  const has = (name: string) => parts.includes(name);
  return (
    event.key.toLowerCase() === key.toLowerCase()
    && event.ctrlKey === (has("Ctrl") || (has("Mod") && !isMac))
    && event.metaKey === (has("Mod") && isMac)
    && event.shiftKey === has("Shift")
    && event.altKey === has("Alt")
  );
}

/** A combination as a person reads it: `Ctrl+Enter`, or `⌘Enter` on a Mac. */
export function keysText(combination: string, isMac: boolean): string {
  return isMac
    ? combination.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥").replace("Ctrl+", "⌃")
    : combination.replace("Mod", "Ctrl");
}
