import type { Value } from "./wire.ts";

/** How a value can be shown beside its tree and its JSON. */
export type Shape =
  | { readonly kind: "image"; readonly url: string; readonly mediaType: string }
  | { readonly kind: "file"; readonly url: string; readonly mediaType: string; readonly bytes: number }
  | { readonly kind: "records"; readonly records: readonly Readonly<Record<string, unknown>>[]; readonly columns: readonly string[] }
  | { readonly kind: "plain" };

const mostColumns = 60;
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(;[\w.=-]+)*;base64,([A-Za-z0-9+/]+={0,2})$/;
const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const mediaTypeForm = /^[\w.+-]+\/[\w.+-]+$/;

/** What a value is, beside a JSON value. */
export function shapeOf({ data, type }: Pick<Value, "data" | "type">): Shape {
  return fileOf(data, type) ?? recordsOf(data) ?? { kind: "plain" };
}

function fileOf(data: unknown, type: string): Shape | null {
  if (typeof data === "string") {
    const [, mediaType, , content] = dataUrl.exec(data) ?? [];
    return mediaType && content ? shown(mediaType, content) : null;
  }

  if (!isRecord(data)) return null;
  // Bytes as the server sends them, and the like that scripts make: {base64, mediaType}, {data, contentType}.
  const content = data.base64 ?? data.data ?? (data.isBase64Encoded === true ? data.body : undefined);
  const mediaType = data.mediaType ?? data.contentType ?? data.mimeType ?? headerOf(data.headers);
  if (typeof content !== "string" || typeof mediaType !== "string" || !mediaTypeForm.test(mediaType) || !base64.test(content)) return null;
  return type === "bytes" || mediaType.startsWith("image/") ? shown(mediaType, content.replace(/\s/g, "")) : null;
}

const headerOf = (headers: unknown): unknown => isRecord(headers)
  ? Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1]
  : undefined;

function shown(mediaType: string, content: string): Shape {
  const url = `data:${mediaType};base64,${content}`;
  const bytes = Math.floor((content.replace(/=+$/, "").length * 3) / 4);
  return mediaType.startsWith("image/") ? { kind: "image", url, mediaType } : { kind: "file", url, mediaType, bytes };
}

function recordsOf(data: unknown): Shape | null {
  if (!Array.isArray(data) || data.length === 0 || !data.every(isRecord)) return null;
  const columns = [...new Set(data.flatMap((record) => Object.keys(record)))];
  return columns.length > 0 && columns.length <= mostColumns ? { kind: "records", records: data, columns } : null;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
