// Lines and positions in source text, as V8 counts them.

const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;

/** The offset at which each line begins. */
export function lineStarts(text) {
  const starts = [0];
  for (const match of text.matchAll(lineEnd)) starts.push(match.index + match[0].length);
  return starts;
}

/** Length in code points. */
export function lengthInCharacters(text) {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/**
 * The place of a SyntaxError that `vm.Script` threw: `{line, column}`, 1-based, in UTF-16 units; or null.
 * node writes it only into the head of the stack: `file:line`, the source line, and a line of carets below that.
 */
export function placeOf(error, filename) {
  const lines = String(error.stack).split('\n', 3);
  if (lines.length < 3 || !lines[0].startsWith(`${filename}:`)) return null;
  const line = Number(lines[0].slice(filename.length + 1));
  if (!Number.isInteger(line) || !/^[ \t]*\^*$/.test(lines[2])) return null;
  const caret = lines[2].indexOf('^');
  return { line, column: (caret < 0 ? lines[2].length : caret) + 1 };
}
