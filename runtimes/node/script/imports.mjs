// Parses the static import declarations of a script, so that it can run as the body of a function.
//
// V8 finds the declarations: a function body that holds one does not compile, and V8 reports the position. This file parses
// the declaration at that position (ECMA-262, ImportDeclaration) and blanks it in place, so every line and column stays.
import { Tokens, nameValue, stringValue } from './tokens.mjs';

/** The declaration at `offset` is not well-formed. */
export class ImportSyntaxError extends Error {
  constructor(message, offset) {
    super(message);
    this.offset = offset;
  }
}

const reserved = new Set(('arguments await break case catch class const continue debugger default delete do else enum eval '
  + 'export extends false finally for function if implements import in instanceof interface let new null package private '
  + 'protected public return static super switch this throw true try typeof var void while with yield').split(' '));

/**
 * Parses consecutive declarations, the first of which starts at `offset`.
 * Returns `[{offset, end, specifier, attributes, namespace, names}]`. `namespace` is the local name of `* as`, or null.
 * `names` are `{exported, local, key}`; `key` is the exported name as the source spells it.
 */
export function parseImports(source, offset) {
  const tokens = new Tokens(source, offset);
  const declarations = [];
  do declarations.push(declaration(tokens)); while (startsDeclaration(tokens));
  return declarations;
}

/** True when another declaration follows: an `import` that is neither a call nor `import.meta`. */
function startsDeclaration(tokens) {
  if (tokens.next.text !== 'import') return false;
  const after = new Tokens(tokens.source, tokens.next.offset + 'import'.length).next;
  return after.kind !== 'other' && after.kind !== 'end';
}

function declaration(tokens) {
  const { offset } = take(tokens, 'import');
  const parsed = { offset, end: 0, specifier: '', attributes: null, namespace: null, names: [] };
  if (tokens.next.kind !== 'string') {
    clause(tokens, parsed);
    take(tokens, 'from');
  }
  parsed.specifier = stringValue(takeKind(tokens, 'string').text);
  if (tokens.next.text === 'with') parsed.attributes = attributes(tokens);
  if (tokens.next.text === ';') tokens.take();
  else if (!tokens.next.lineBreakBefore && tokens.next.kind !== 'end') fail(tokens);
  parsed.end = tokens.offset;
  return parsed;
}

function clause(tokens, parsed) {
  if (tokens.next.kind === 'name') {
    parsed.names.push({ exported: 'default', local: binding(tokens), key: 'default' });
    if (tokens.next.text !== ',') return;
    tokens.take();
  }
  if (tokens.next.text === '*') {
    tokens.take();
    take(tokens, 'as');
    parsed.namespace = binding(tokens);
  } else {
    namedImports(tokens, parsed);
  }
}

function namedImports(tokens, parsed) {
  take(tokens, '{');
  while (tokens.next.text !== '}') {
    const { kind, text } = tokens.next;
    if (kind === 'string') {
      tokens.take();
      take(tokens, 'as');
      parsed.names.push({ exported: stringValue(text), local: binding(tokens), key: text });
    } else {
      const simple = tokens.next;
      takeKind(tokens, 'name');
      const renamed = tokens.next.text === 'as';
      if (renamed) tokens.take();
      else checkBinding(simple);
      parsed.names.push({ exported: nameValue(text), local: renamed ? binding(tokens) : text, key: text });
    }
    if (tokens.next.text !== ',') break;
    tokens.take();
  }
  take(tokens, '}');
}

function attributes(tokens) {
  const found = {};
  take(tokens, 'with');
  take(tokens, '{');
  while (tokens.next.text !== '}') {
    const key = tokens.next.kind === 'string' ? stringValue(tokens.take().text) : nameValue(takeKind(tokens, 'name').text);
    take(tokens, ':');
    found[key] = stringValue(takeKind(tokens, 'string').text);
    if (tokens.next.text !== ',') break;
    tokens.take();
  }
  take(tokens, '}');
  return found;
}

function binding(tokens) {
  const token = takeKind(tokens, 'name');
  checkBinding(token);
  return token.text;
}

function checkBinding({ text, offset }) {
  if (reserved.has(nameValue(text))) throw new ImportSyntaxError(`'${text}' cannot be the name of an import`, offset);
}

function take(tokens, text) {
  return tokens.next.text === text && tokens.next.kind !== 'string' ? tokens.take() : fail(tokens);
}

function takeKind(tokens, kind) {
  return tokens.next.kind === kind ? tokens.take() : fail(tokens);
}

function fail({ source, next }) {
  const seen = next.text || source.slice(next.offset, next.offset + 1);
  const message = next.kind === 'end' ? 'Unexpected end of input' : `Unexpected token '${seen}' in an import declaration`;
  throw new ImportSyntaxError(message, next.offset);
}

/** Returns `source` with each declaration replaced by `;` and blanks. Line terminators stay. */
export function blankImports(source, declarations) {
  let blanked = '', at = 0;
  for (const { offset, end } of declarations) {
    blanked += source.slice(at, offset) + `;${source.slice(offset + 1, end).replaceAll(/[^\n\r\u2028\u2029]/g, ' ')}`;
    at = end;
  }
  return blanked + source.slice(at);
}
