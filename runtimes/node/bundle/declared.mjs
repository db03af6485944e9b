// Which libraries a tree declares: in the upload, in package.json, and by `npm:` in its imports.
import { ANY, isName, parseSpecifier } from './specifier.mjs';

// Ranges of versions and tags. Anything with a colon or a slash would come from elsewhere than the registry.
const RANGE = /^(?!\.)[\w.*^~<>=| +-]{1,256}$/;
const PACKAGE_FILE = 'package.json';

export class Refusal extends Error {}

/** The ranges that the upload and the tree's package.json name, by library. Throws Refusal. */
export function declaredIn(dependencies, files) {
  const declared = new Map();
  for (const text of dependencies) addText(declared, text);
  const file = files.find(({ name }) => name === PACKAGE_FILE);
  if (file !== undefined) add(declared, parse(file.text).dependencies ?? {}, `"dependencies" in ${PACKAGE_FILE}`);
  return declared;
}

/** Adds what the tree imports by `npm:`. Throws Refusal. */
export function addImported(declared, specifiers) {
  for (const text of specifiers) {
    const specifier = parseSpecifier(text);
    if (specifier === null) throw new Refusal(`${JSON.stringify(text)} names no library; write for example "npm:lodash@4".`);
    addDeclared(declared, specifier.name, specifier.range, `the import ${JSON.stringify(text)}`);
  }
}

// As the arguments of `npm install`: a name, perhaps with @ and versions behind it.
function addText(declared, text) {
  const at = text.indexOf('@', 1);
  const [name, range] = at < 0 ? [text, ANY] : [text.slice(0, at), text.slice(at + 1)];
  addDeclared(declared, name, range, '"dependencies" of the upload');
}

function add(declared, ranges, where) {
  if (ranges === null || typeof ranges !== 'object' || Array.isArray(ranges)) {
    throw new Refusal(`${where} must be an object such as {"lodash": "^4"}.`);
  }
  for (const [name, range] of Object.entries(ranges)) addDeclared(declared, name, range, where);
}

/** Adds one. `where` says in errors who declares it. Throws Refusal. */
export function addDeclared(declared, name, range, where) {
  if (!isName(name)) throw new Refusal(`${where} has ${JSON.stringify(name)}, which is no name of a package.`);
  if (typeof range !== 'string' || !RANGE.test(range)) {
    throw new Refusal(`${where} has ${JSON.stringify(range)} for ${name}; only versions of the registry such as "^4.17" are allowed.`);
  }
  const known = declared.get(name);
  if (known === undefined || known.range === ANY) declared.set(name, { range, where });
  else if (range !== ANY && range !== known.range) {
    throw new Refusal(`${name} is declared twice: ${known.range} by ${known.where}, ${range} by ${where}.`);
  }
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === 'object') return value;
  } catch (error) {
    throw new Refusal(`${PACKAGE_FILE} is not JSON: ${error.message}`);
  }
  throw new Refusal(`${PACKAGE_FILE} is no object.`);
}
