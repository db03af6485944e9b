import { toast } from "./toasts.ts";

/** Puts a text into the clipboard, and says so. Browsers allow that to pages of https and of localhost only. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`);
  } catch {
    toast(`${what} could not be copied: the browser does not allow it. Select the text and copy it by hand.`, "bad");
  }
}
