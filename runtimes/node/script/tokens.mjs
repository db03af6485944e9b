// The few tokens of ECMAScript that an import declaration is made of.

const trivia = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/uy;
const string = /"(?:[^"\\\n\r]|\\(?:\r\n|[^]))*"|'(?:[^'\\\n\r]|\\(?:\r\n|[^]))*'/uy;
const name = /(?:[$_\p{ID_Start}]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})(?:[$_\u200c\u200d\p{ID_Continue}]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})*/uy;
const punctuator = /[{}*,;:]/uy;

const kinds = [['string', string], ['name', name], ['punctuator', punctuator]];

/** Reads tokens from `source` one after the other. */
export class Tokens {
  constructor(source, offset) {
    this.source = source;
    this.offset = offset; // behind the last token that was taken
    this.#advance(offset);
  }

  /** The token that comes next: `{kind, text, offset, lineBreakBefore}`; kind is `end` or `other` where it is none of ours. */
  next;

  /** Takes the next token. */
  take() {
    const taken = this.next;
    this.offset = taken.offset + taken.text.length;
    this.#advance(this.offset);
    return taken;
  }

  #advance(offset) {
    trivia.lastIndex = offset;
    const skipped = trivia.exec(this.source)[0];
    const lineBreakBefore = /[\n\r\u2028\u2029]/u.test(skipped);
    const start = offset + skipped.length;
    for (const [kind, pattern] of kinds) {
      pattern.lastIndex = start;
      const match = pattern.exec(this.source);
      if (match !== null) {
        this.next = { kind, text: match[0], offset: start, lineBreakBefore };
        return;
      }
    }
    this.next = { kind: start >= this.source.length ? 'end' : 'other', text: '', offset: start, lineBreakBefore };
  }
}

/** The value of a string literal's text, as ECMAScript reads it. */
export const stringValue = (literal) => literal.slice(1, -1).replaceAll(
  /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[^]))/gu,
  (_, point, unit, byte, single) => single === undefined
    ? String.fromCodePoint(Number.parseInt(point ?? unit ?? byte, 16))
    : (singleEscapes[single] ?? single));

const singleEscapes = {
  __proto__: null, b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0', '\n': '', '\r': '', '\r\n': '', '\u2028': '', '\u2029': '',
};

/** The value of an identifier's text. */
export const nameValue = (text) => text.replaceAll(/\\u(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}))/gu,
  (_, point, unit) => String.fromCodePoint(Number.parseInt(point ?? unit, 16)));
