// Takes the export declarations out of a script, so that it can run as the body of a function.
//
// Theory of operation: V8 finds the declarations, as it finds imports (compile.mjs). This file parses the declaration at the
// position that V8 has reported (ECMA-262, ExportDeclaration), and edits it in place, so every line and column stays: `export`
// before a declaration becomes blank, a list of names becomes an empty statement, and a default value becomes an assignment. It
// tells which names are exported; the wrapper's first line makes a function for each, which reads the variable.
//
// A list of variables (`export const a = f(1, 2), b = 3`) needs a parser for expressions to find its names. V8 is asked instead:
// a comma separates two variables if the text before it is complete, and the name after it clashes with one before the list.
import { ImportSyntaxError } from './imports.mjs';
import { Tokens, nameValue, stringValue } from './tokens.mjs';

const BLANKED = /[^\n\r\u2028\u2029]/g;
const LINE_BREAK = /[\n\r\u2028\u2029]/;
const DEFAULT_LENGTH = 'export default'.length;
const CONTINUES = /^(?:[.,([`*%^&|<>=?:]|\+(?!\+)|-(?!-)|\/|!=|in\b|instanceof\b)/;

/**
 * Parses the declaration at `offset`. `compiles(text)` says whether a text is a list of whole statements. `variable` is a name
 * that the script does not use, of at most 13 characters. Returns `{body, names, source}`: the edited script, `[{exported,
 * local}]`, and for an export from another module what it imports, or null.
 */
export function takeExport(body, offset, variable, compiles) {
  const tokens = new Tokens(body, offset);
  tokens.take();
  const { text } = tokens.next;
  const found = { edits: [], names: [], source: null };
  if (text === '{') list(tokens, offset, found);
  else if (text === '*') all(tokens, offset, found);
  else if (text === 'default') defaultValue(body, tokens, offset, variable, found);
  else declaration(body, tokens, offset, compiles, found);
  let edited = body;
  for (const { start, end, by } of found.edits.toSorted((one, other) => other.start - one.start)) {
    edited = edited.slice(0, start) + by + edited.slice(end);
  }
  return { body: edited, names: found.names, source: found.source };
}

/** `{ a, b as c, d as "e f" }`, perhaps from a module. */
function list(tokens, offset, found) {
  const specifiers = [];
  tokens.take();
  while (tokens.next.text !== '}') {
    const first = name(tokens);
    let exported = first;
    if (tokens.next.text === 'as') {
      tokens.take();
      exported = name(tokens);
    }
    specifiers.push({ first, exported: exported.value });
    if (tokens.next.text !== ',') break;
    tokens.take();
  }
  if (tokens.next.text !== '}') fail(tokens);
  tokens.take();
  if (tokens.next.text === 'from') {
    from(tokens, offset, found);
    found.source.names = specifiers.map(({ first }) => ({ exported: first.value, local: null, key: first.text }));
    found.names = specifiers.map(({ first, exported }) => ({ exported, member: first.value }));
    return;
  }
  const literal = specifiers.find(({ first }) => first.isString);
  if (literal !== undefined) throw new ImportSyntaxError('A string can name an export only in `export … from`', literal.first.offset);
  found.names = specifiers.map(({ first, exported }) => ({ exported, local: first.text }));
  endStatement(tokens, offset, found);
}

/** `* from 'x'`, `* as name from 'x'`. The names of `* from` are not known before the module is loaded, and are not exported. */
function all(tokens, offset, found) {
  tokens.take();
  let exported = null;
  if (tokens.next.text === 'as') {
    tokens.take();
    exported = name(tokens).value;
  }
  if (tokens.next.text !== 'from') fail(tokens);
  from(tokens, offset, found);
  if (exported !== null) found.names.push({ exported, member: null });
}

function from(tokens, offset, found) {
  tokens.take();
  if (tokens.next.kind !== 'string') fail(tokens);
  found.source = { offset, end: 0, specifier: stringValue(tokens.take().text), attributes: null, namespace: null, names: [] };
  endStatement(tokens, offset, found);
}

function endStatement(tokens, offset, found) {
  if (tokens.next.text === ';') tokens.take();
  else if (!tokens.next.lineBreakBefore && tokens.next.kind !== 'end') fail(tokens);
  const end = tokens.offset;
  found.edits.push({ start: offset, end, by: `;${blank(tokens.source.slice(offset + 1, end))}` });
}

function defaultValue(body, tokens, offset, variable, found) {
  tokens.take();
  const afterDefault = tokens.offset;
  const ahead = new Tokens(body, afterDefault);
  const isAsync = ahead.next.text === 'async';
  if (isAsync) ahead.take();
  const isFunction = ahead.next.text === 'function' && !(isAsync && ahead.next.lineBreakBefore);
  const isClass = ahead.next.text === 'class' && !isAsync;
  if (!isFunction && !isClass) {
    const head = body.slice(offset, afterDefault);
    found.names.push({ exported: 'default', local: variable });
    const assignment = `${variable}=`.padEnd(DEFAULT_LENGTH);
    found.edits.push({ start: offset, end: afterDefault, by: assignment + blank(head.slice(DEFAULT_LENGTH)) });
    return;
  }
  ahead.take();
  if (ahead.next.text === '*') ahead.take();
  const isNamed = ahead.next.kind === 'name' && ahead.next.text !== 'extends';
  if (isNamed) {
    found.names.push({ exported: 'default', local: ahead.next.text });
    found.edits.push({ start: offset, end: afterDefault, by: `;${blank(body.slice(offset + 1, afterDefault))}` });
    return;
  }
  // A declaration without a name gets one. It takes the room of `export default`.
  found.names.push({ exported: 'default', local: variable, isDeclared: true });
  const keywords = body.slice(afterDefault, ahead.offset).trimStart();
  const declared = `;${keywords} ${variable}`;
  const head = body.slice(offset, ahead.offset);
  found.edits.push({ start: offset, end: ahead.offset, by: declared.padEnd(head.length - breaksIn(head).length) + breaksIn(head) });
}

const breaksIn = (text) => text.replaceAll(/[^\n\r\u2028\u2029]+/g, '');
const blank = (text) => text.replaceAll(BLANKED, ' ');

function declaration(body, tokens, offset, compiles, found) {
  const keyword = tokens.next;
  found.edits.push({ start: offset, end: offset + 'export'.length, by: ';     ' });
  switch (keyword.text) {
    case 'const': case 'let': case 'var':
      tokens.take();
      for (const local of variables(body, tokens.offset, compiles)) found.names.push({ exported: nameValue(local), local });
      return;
    case 'async':
      tokens.take();
      if (tokens.next.text !== 'function') fail(tokens);
      break;
    case 'function': case 'class':
      break;
    default:
      fail(tokens);
  }
  tokens.take();
  if (tokens.next.text === '*') tokens.take();
  if (tokens.next.kind !== 'name') fail(tokens);
  const { text } = tokens.next;
  found.names.push({ exported: nameValue(text), local: text });
}

/** The names that a list of variables declares; it begins at `start`. */
function variables(body, start, compiles) {
  const names = [];
  let at = start;
  do {
    const { text, end } = target(body, at, compiles);
    names.push(...namesIn(text, compiles));
    at = separatorAfter(body, start, end, compiles);
  } while (at >= 0);
  return names;
}

/** What one variable binds: a name or a pattern. */
function target(body, start, compiles) {
  const tokens = new Tokens(body, start);
  if (tokens.next.kind === 'name') return { text: tokens.next.text, end: tokens.next.offset + tokens.next.text.length };
  const { offset } = tokens.next;
  const closer = body[offset] === '{' ? '}' : ']';
  for (let at = body.indexOf(closer, offset); at >= 0; at = body.indexOf(closer, at + 1)) {
    const text = body.slice(offset, at + 1);
    if (compiles(`let ${text} = 0`)) return { text, end: at + 1 };
  }
  return fail(tokens);
}

/** The names that a name or a pattern binds: those that clash with a declaration of the same name. */
function namesIn(text, compiles) {
  const candidates = new Set();
  for (let at = 0; at < text.length;) {
    const { next } = new Tokens(text, at);
    if (next.kind === 'end') break;
    if (next.kind === 'name') candidates.add(next.text);
    at = next.offset + Math.max(1, next.text.length);
  }
  return [...candidates].filter((name) => compiles(`var ${name}`) && !compiles(`let ${text} = 0; var ${name}`));
}

/** The offset after the comma that separates the variable that ends at `from` from the next one; -1 after the last one. */
function separatorAfter(body, start, from, compiles) {
  const isWhole = (end) => compiles(`let ${body.slice(start, end)}`) && !compiles(`let ${body.slice(start, end)})`);
  for (let at = from; at < body.length; at++) {
    const character = body[at];
    if (character === ',' || character === ';') {
      if (isWhole(at)) return character === ',' ? at + 1 : -1;
    } else if (LINE_BREAK.test(character) && compiles(`let ${body.slice(start, at)}`)) {
      const { next, source } = new Tokens(body, at);
      if (!CONTINUES.test(source.slice(next.offset, next.offset + 12))) return -1;
    }
  }
  return -1;
}

function name(tokens) {
  const { kind, text, offset } = tokens.next;
  if (kind !== 'name' && kind !== 'string') fail(tokens);
  tokens.take();
  const isString = kind === 'string';
  return { text, offset, isString, value: isString ? stringValue(text) : nameValue(text) };
}

function fail({ source, next }) {
  const seen = next.text || source.slice(next.offset, next.offset + 1);
  const message = next.kind === 'end' ? 'Unexpected end of input' : `Unexpected token '${seen}' in an export declaration`;
  throw new ImportSyntaxError(message, next.offset);
}
