// The name of a library in an import: `npm:NAME@RANGE/PATH` says which versions may be used, `NAME/PATH` does not.

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/i;
const LONGEST_NAME = 214;
const PREFIX = 'npm:';

/** The range of all versions. */
export const ANY = '*';

/** The specifier as `{name, range, path}`; range null where it says none, path '' or with a slash in front; null: it names no library. */
export function parseSpecifier(text) {
  const hasPrefix = text.startsWith(PREFIX);
  const rest = hasPrefix ? text.slice(PREFIX.length).replace(/^\//, '') : text;
  const match = /^((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(\/.*)?$/.exec(rest);
  if (match === null || !isName(match[1]) || (!hasPrefix && match[2] !== undefined)) return null;
  return { name: match[1], range: hasPrefix ? match[2] ?? ANY : null, path: match[3] ?? '' };
}

/** Whether a text is the name of a package of npm. */
export const isName = (text) => text.length <= LONGEST_NAME && NAME.test(text);
