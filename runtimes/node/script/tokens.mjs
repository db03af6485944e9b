// The few kinds of ECMAScript token that an import declaration consists of.

const trivia = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/uy;
const string = /"(?:[^"\\\n\r]|\\(?:\r\n|[^]))*"|'(?:[^'\\\n\r]|\\(?:\r\n|[^]))*'/uy;
const nameEscape = String.raw`\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\}`;
const name = new RegExp(String.raw`(?:[$_\p{ID_Start}]|${nameEscape})(?:[$_\u200c\u200d\p{ID_Continue}]|${nameEscape})*`, 'uy');
const punctuator = /[{}*,;:]/uy;

const kinds = [['string', string], ['name', name], ['punctuator', punctuator]];

/** Reads tokens from `source`, one after another. */
export class Tokens {
  constructor(source, offset) {
    this.source = source;
    this.offset = offset; // after the last token that was taken
    this.#advance(offset);
  }

  /** The next token: `{kind, text, offset, lineBreakBefore}`. `kind` is `end` at the end, `other` for any other kind of token. */
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

/** The value of a string literal, given its text. */
export const stringValue = (literal) => literal.slice(1, -1).replaceAll(
  /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[^]))/gu,
  (_, point, unit, byte, single) => single === undefined
    ? String.fromCodePoint(Number.parseInt(point ?? unit ?? byte, 16))
    : (singleEscapes[single] ?? single));

const singleEscapes = {
  __proto__: null,
  b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0',
  '\n': '', '\r': '', '\r\n': '', '\u2028': '', '\u2029': '',
};

/** The name that an identifier's text spells: the text without escapes. */
export const nameValue = (text) => text.replaceAll(/\\u(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}))/gu,
  (_, point, unit) => String.fromCodePoint(Number.parseInt(point ?? unit, 16)));
