/**
 * JSON with line breaks and two spaces for each level. The text is not parsed, so numbers keep their digits and texts their escapes; it
 * must be valid.
 */
export function prettyJson(json: string): string {
  let out = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g)) {
    switch (token) {
      case "{":
      case "[":
        depth++;
        out += token + newLine();
        break;
      case "}":
      case "]":
        depth--;
        // Nothing stands between the two: they stay on one line.
        out = /[{[]\s*$/.test(out.slice(-2 * depth - 8)) ? out.trimEnd() + token : out + newLine() + token;
        break;
      case ",":
        out += token + newLine();
        break;
      case ":":
        out += ": ";
        break;
      default:
        out += token;
    }
  }

  return out;
}
