// A JSON text that is read without loss. JSON.parse makes a double of each number: 12345678901234567890 loses digits, 1e400 becomes
// infinite and -0 its sign in print; it puts members with names such as "1" first, and keeps one of two with the same name. (The reviver's
// `context.source` of ECMAScript 2026 is not in every browser, and mends the numbers alone.) So a value is a place in its text, and knows
// its kind by the first character. What is in it is found when it is asked for, one level at a time: a value that stays closed costs
// nothing, and no depth is too deep.

/** What a JSON value is. */
export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** A member of an object. */
export interface Member {
  readonly name: string;
  readonly value: Json;
}

const kinds: Readonly<Record<string, JsonKind>> = { "{": "object", "[": "array", '"': "string", t: "boolean", f: "boolean", n: "null" };

/** A value within a JSON text. The text must be valid, as `JSON.parse` says. */
export class Json {
  /** Where the value begins in its text: no other value of the text that is on the same level begins there. */
  readonly from: number;
  private readonly source: string;
  private readonly to: number;
  private foundString: string | undefined;
  private foundItems: readonly Json[] | undefined;
  private foundMembers: readonly Member[] | undefined;

  constructor(source: string, from = 0, to = source.length) {
    this.source = source;
    this.from = skipSpace(source, from);
    this.to = valueEnd(source, this.from, to);
  }

  get kind(): JsonKind {
    return kinds[this.source[this.from]!] ?? "number";
  }

  /** The value exactly as it is written. */
  get text(): string {
    return this.source.slice(this.from, this.to);
  }

  /** The characters of a string. */
  get string(): string {
    return (this.foundString ??= JSON.parse(this.text) as string);
  }

  /** The members of an object in the order in which they are written; of anything else none. */
  get members(): readonly Member[] {
    return (this.foundMembers ??= this.kind === "object" ? this.readMembers() : []);
  }

  /** The values in an array or an object; of anything else none. */
  get items(): readonly Json[] {
    return (this.foundItems ??= this.kind === "array" ? this.readItems() : this.members.map((member) => member.value));
  }

  /** The member of that name; of several the last, as for `JSON.parse`. */
  find(name: string): Json | undefined {
    return this.members.findLast((member) => member.name === name)?.value;
  }

  private readItems(): Json[] {
    const items: Json[] = [];
    let at = skipSpace(this.source, this.from + 1);
    while (at < this.to - 1) {
      const item = new Json(this.source, at, this.to);
      items.push(item);
      at = skipSpace(this.source, skipSpace(this.source, item.to) + 1); // behind the comma, or the bracket
    }

    return items;
  }

  private readMembers(): Member[] {
    const members: Member[] = [];
    let at = skipSpace(this.source, this.from + 1);
    while (at < this.to - 1) {
      const name = new Json(this.source, at, this.to);
      const value = new Json(this.source, skipSpace(this.source, name.to) + 1, this.to); // behind the colon
      members.push({ name: name.string, value });
      at = skipSpace(this.source, skipSpace(this.source, value.to) + 1);
    }

    return members;
  }
}

function skipSpace(source: string, from: number): number {
  let at = from;
  while (isSpace(source.charCodeAt(at))) at++;
  return at;
}

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Behind the value that begins at `from`. */
function valueEnd(source: string, from: number, most: number): number {
  const first = source[from];
  if (first === '"') return stringEnd(source, from);
  if (first === "{" || first === "[") return bracketEnd(source, from, most);
  let at = from;
  while (at < most && !isSpace(source.charCodeAt(at)) && !",]}".includes(source[at]!)) at++;
  return at;
}

function stringEnd(source: string, from: number): number {
  for (let at = from + 1; ;) {
    const quote = source.indexOf('"', at);
    if (quote < 0) return source.length;
    let before = quote - 1;
    while (source[before] === "\\") before--;
    if ((quote - before) % 2 === 1) return quote + 1; // an even number of backslashes stands in front of it
    at = quote + 1;
  }
}

function bracketEnd(source: string, from: number, most: number): number {
  let depth = 0;
  for (let at = from; at < most;) {
    const character = source[at]!;
    if (character === '"') {
      at = stringEnd(source, at);
      continue;
    }

    at++;
    if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at;
  }

  return most;
}
