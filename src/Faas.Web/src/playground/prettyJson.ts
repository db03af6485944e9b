/** From this level on lines begin no further to the right: the spaces of a very deep value would be more than the value. */
const mostLevels = 100;

/**
 * JSON with line breaks and two spaces for each level. The text is not parsed, so numbers keep their digits and texts their escapes; it
 * must be valid.
 */
export function prettyJson(json: string): string {
  const out: string[] = [];
  let depth = 0;
  // A bracket was opened, and nothing has come yet: if its end comes next, the two stay on one line.
  let isOpened = false;
  const newLine = () => out.push("\n", "  ".repeat(Math.min(depth, mostLevels)));
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"{}[\],:]+|[{}[\],:]/g)) {
    const isEnd = token === "}" || token === "]";
    if (isEnd) depth--;
    if (isOpened !== isEnd) newLine();
    isOpened = token === "{" || token === "[";
    if (isOpened) depth++;
    out.push(token === ":" ? ": " : token);
    if (token === ",") newLine();
  }

  return out.join("");
}
