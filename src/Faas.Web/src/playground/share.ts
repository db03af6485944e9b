import { isLanguage, type Language } from "./languages.ts";

/** What a link carries. */
export interface Shared {
  readonly language: Language;
  readonly code: string;
  readonly input: string;
}

const prefix = "#code=";

/** More than the largest code that a server takes as shipped, so that a link cannot fill the memory of who opens it. */
const most = 1 << 20;

/**
 * The fragment of an address that carries code: JSON, deflated, in base64url. A browser does not send the fragment of an address to the
 * server, so what is shared stays between those who have the link.
 */
export async function fragmentOf(shared: Shared): Promise<string> {
  const json = JSON.stringify([shared.language, shared.code, shared.input]);
  const bytes = await through(new TextEncoder().encode(json), new CompressionStream("deflate-raw"), Number.POSITIVE_INFINITY);
  return prefix + toBase64Url(bytes);
}

/** Whether a fragment claims to carry code. */
export const isShared = (fragment: string): boolean => fragment.startsWith(prefix);

/** What a fragment carries; null: it is damaged, or of another kind. */
export async function readFragment(fragment: string): Promise<Shared | null> {
  if (!isShared(fragment)) return null;
  try {
    const bytes = await through(fromBase64Url(fragment.slice(prefix.length)), new DecompressionStream("deflate-raw"), most);
    const read: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!Array.isArray(read)) return null;
    const [language, code, input] = read as unknown[];
    return isLanguage(language) && typeof code === "string" && typeof input === "string" ? { language, code, input } : null;
  } catch {
    return null;
  }
}

type Coder = CompressionStream | DecompressionStream;

async function through(bytes: Uint8Array<ArrayBuffer>, stream: Coder, limit: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError("The link carries too much.");
    }

    pieces.push(value);
  }

  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }

  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
